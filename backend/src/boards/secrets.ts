import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The secrets of boards: edit keys and the tokens of links. They are random and long, so a plain digest of them may be
 * kept: nothing can be tried against it. Each is told once, when it is made.
 */

/** Of a link: which board, which of its links. */
export interface ShareRef {
  readonly boardId: string;
  readonly shareId: string;
}

const ID_BYTES = 12;
const SECRET_BYTES = 32;
const ID = `[\\w-]{${(ID_BYTES / 3) * 4}}`;
const TOKEN = new RegExp(`^board\\.(${ID})\\.(${ID})\\.([\\w-]{43})$`);

export const newId = (): string => randomBytes(ID_BYTES).toString('base64url');
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whether `secret` is the one that `digest` was made of, in constant time. */
export function isSecretOf(secret: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digest));
}

/** `board.BOARD.SHARE.SECRET`: says where to look, so that nothing has to be searched for it. */
export const shareToken = ({ boardId, shareId }: ShareRef, secret: string): string =>
  `board.${boardId}.${shareId}.${secret}`;

export function parseShareToken(token: string): (ShareRef & { readonly secret: string }) | undefined {
  const [, boardId, shareId, secret] = TOKEN.exec(token) ?? [];
  if (boardId === undefined || shareId === undefined || secret === undefined) return undefined;
  return { boardId, shareId, secret };
}
