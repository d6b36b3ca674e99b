import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse, serialize } from 'cookie';
import type { Boards } from '../boards/boards.js';
import type { ShareRef } from '../boards/secrets.js';
import type { Board } from '../contract/index.js';
import type { Credentials } from './auth.js';

/**
 * What a link to a board opens. Its token is shown as any other, or traded for a cookie of its own beside the session's,
 * so that a viewer who follows a link stays a viewer, and one browser can show several boards. The cookie names links and
 * holds no token; each use asks whether the link still stands, so it is revocation that ends it, not time.
 */
export const BOARDS_COOKIE = 'passportx_boards';
/** Links that one browser keeps open; one more lets go of the first. */
export const MAX_OPEN_LINKS = 8;
/** As long as browsers keep a cookie at all: a board on a wall must not go dark by itself. */
const COOKIE_SECONDS = 400 * 24 * 3600;

export interface SharedBoard {
  readonly ref: ShareRef;
  readonly board: Board;
}

export interface SharedBoardsOptions {
  readonly boards: Pick<Boards, 'shareOfToken' | 'shown'>;
  /** Key of the cookies, as for sessions. */
  readonly sessionSecret: string | Buffer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const REF = '[\\w-]{16}\\.[\\w-]{16}';
const COOKIE = new RegExp(`^((${REF}(?:~${REF}){0,${MAX_OPEN_LINKS - 1}})\\.(\\d{1,12}))\\.([\\w-]{43})$`);

export class SharedBoards {
  constructor(private readonly options: SharedBoardsOptions) {}

  /** The boards that the credentials' links show now. */
  async shown({ token, cookieHeader }: Credentials): Promise<SharedBoard[]> {
    const refs = token === undefined ? this.#refsIn(cookieHeader) : await this.#refOf(token);
    const boards = await Promise.all(refs.map((ref) => this.options.boards.shown(ref)));
    return refs.flatMap((ref, index) => {
      const board = boards[index];
      return board === undefined ? [] : [{ ref, board }];
    });
  }

  /**
   * `Set-Cookie` that opens the link of `token` beside those that are open already.
   * @returns undefined when the token is of no link.
   */
  async cookie(token: string, cookieHeader: string | undefined, https: boolean): Promise<string | undefined> {
    const [opened] = await this.#refOf(token);
    if (opened === undefined) return undefined;
    const others = this.#refsIn(cookieHeader).filter(({ shareId }) => shareId !== opened.shareId);
    const refs = [...others, opened].slice(-MAX_OPEN_LINKS);
    const names = refs.map(({ boardId, shareId }) => `${boardId}.${shareId}`).join('~');
    const content = `${names}.${Math.floor(this.options.clock() / 1000) + COOKIE_SECONDS}`;
    return serialize(BOARDS_COOKIE, `${content}.${this.#sign(content).toString('base64url')}`, {
      maxAge: COOKIE_SECONDS,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: https,
    });
  }

  async #refOf(token: string): Promise<ShareRef[]> {
    const ref = await this.options.boards.shareOfToken(token);
    return ref === undefined ? [] : [ref];
  }

  #refsIn(cookieHeader: string | undefined): ShareRef[] {
    const value = cookieHeader === undefined ? undefined : parse(cookieHeader)[BOARDS_COOKIE];
    const [, content, names, expiry, signature] = COOKIE.exec(value ?? '') ?? [];
    if (content === undefined || names === undefined || signature === undefined) return [];
    if (!timingSafeEqual(Buffer.from(signature, 'base64url'), this.#sign(content))) return [];
    if (Number(expiry) * 1000 <= this.options.clock()) return [];
    return names.split('~').map((name) => ({ boardId: name.slice(0, 16), shareId: name.slice(17) }));
  }

  /** Not as a session is signed: neither cookie can be made into the other. */
  #sign(content: string): Buffer {
    return createHmac('sha256', this.options.sessionSecret).update(`boards\n${content}`).digest();
  }
}

/** `Set-Cookie` that closes all links. */
export const CLOSED_BOARDS = `${BOARDS_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`;
