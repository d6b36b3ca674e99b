import PQueue from 'p-queue';
import {
  MAX_BOARDS,
  MAX_BOARD_SHARES,
  type Board,
  type BoardContent,
  type BoardShare,
  type BoardSummary,
  type CreatedBoard,
  type CreatedShare,
} from '../contract/index.js';
import type { DocumentStore } from '../log/documents.js';
import { digestOf, isSecretOf, newId, newSecret, parseShareToken, shareToken, type ShareRef } from './secrets.js';

/**
 * Boards, each one document with its links. A change names the revision that it was made from, so that of two who edit at
 * once the second is told instead of overwriting the first; whoever changes a board shows its edit key first, of which,
 * as of every link, only the digest is kept. What is written is durable when a call resolves.
 */
interface StoredShare extends BoardShare {
  readonly digest: string;
}
interface StoredBoard extends Board {
  readonly keyDigest: string;
  readonly shared: readonly StoredShare[];
}

/** What happened to a board, for those who look at it. */
export type BoardEvent =
  | { readonly kind: 'edited'; readonly boardId: string; readonly revision: number }
  | { readonly kind: 'removed'; readonly boardId: string }
  | ({ readonly kind: 'revoked' } & ShareRef);

export interface BoardStanding {
  readonly revision: number;
  /** Of the links that stand. */
  readonly shareIds: ReadonlySet<string>;
}

/** The board has changed since the revision that a change was made from. */
export class StaleBoardError extends Error {
  override readonly name = 'StaleBoardError';

  constructor(readonly revision: number) {
    super(`the board is at revision ${revision} now`);
  }
}

/** As many are kept as may be. */
export class TooManyError extends Error {
  override readonly name = 'TooManyError';
}

const COLLECTION = 'boards';

export class Boards {
  /** One change after the other, as each reads what it writes; there is one writing process. */
  readonly #changes = new PQueue({ concurrency: 1 });
  readonly #listeners: ((event: BoardEvent) => void)[] = [];

  /** @param clock ms since the epoch. */
  constructor(
    private readonly documents: DocumentStore,
    private readonly clock: () => number,
  ) {}

  /** Calls back after each change, once it is durable. */
  onEvent(listener: (event: BoardEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Those changed last first. */
  async list(): Promise<BoardSummary[]> {
    const found = await this.documents.list<StoredBoard>(COLLECTION, { limit: MAX_BOARDS });
    return found
      .map(({ value }) => summaryOf(value))
      .sort((a, b) => compare(b.updatedAt, a.updatedAt) || compare(a.id, b.id));
  }

  async get(id: string): Promise<Board | undefined> {
    const stored = await this.#find(id);
    return stored && boardOf(stored);
  }

  /** @throws {TooManyError} when `MAX_BOARDS` are kept. @throws {LogUnavailableError} as every change. */
  create(content: BoardContent): Promise<CreatedBoard> {
    return this.#alone(async () => {
      if ((await this.documents.count(COLLECTION)) >= MAX_BOARDS)
        throw new TooManyError(`${MAX_BOARDS} boards are kept, and that is the most; one has to be deleted first`);
      const editKey = newSecret();
      const at = this.#now();
      const board: StoredBoard = {
        id: newId(),
        revision: 1,
        createdAt: at,
        updatedAt: at,
        ...contentOf(content),
        keyDigest: digestOf(editKey),
        shared: [],
      };
      await this.#keep(board);
      return { board: boardOf(board), editKey };
    });
  }

  /**
   * Puts `content` in place of what the board was at revision `from`; the same content again changes nothing, also when
   * `from` is old: the answer to the first attempt may have been lost.
   * @param from null: whatever it was
   * @returns undefined when there is no such board. @throws {StaleBoardError} when it is at another revision.
   */
  replace(id: string, content: BoardContent, from: number | null): Promise<Board | undefined> {
    return this.#alone(async () => {
      const stored = await this.#find(id);
      if (stored === undefined) return undefined;
      if (JSON.stringify(contentOf(stored)) === JSON.stringify(contentOf(content))) return boardOf(stored);
      if (from !== null && from !== stored.revision) throw new StaleBoardError(stored.revision);
      const revision = stored.revision + 1;
      const changed = { ...stored, ...contentOf(content), revision, updatedAt: this.#now() };
      await this.#keep(changed);
      this.#tell({ kind: 'edited', boardId: id, revision });
      return boardOf(changed);
    });
  }

  /** @returns whether there was such a board. Its links end with it. */
  remove(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const existed = await this.documents.delete(COLLECTION, id);
      if (existed) this.#tell({ kind: 'removed', boardId: id });
      return existed;
    });
  }

  /** Whether `key` is the board's edit key; undefined when there is no such board. */
  async isKeyOf(id: string, key: string): Promise<boolean | undefined> {
    const stored = await this.#find(id);
    return stored && isSecretOf(key, stored.keyDigest);
  }

  /** Makes a new edit key; the one before is worth nothing then. @returns undefined when there is no such board. */
  renewKey(id: string): Promise<string | undefined> {
    return this.#alone(async () => {
      const stored = await this.#find(id);
      if (stored === undefined) return undefined;
      const editKey = newSecret();
      await this.#keep({ ...stored, keyDigest: digestOf(editKey) });
      return editKey;
    });
  }

  /** The links to a board, in the order in which they were made; undefined when there is no such board. */
  async shares(id: string): Promise<BoardShare[] | undefined> {
    return (await this.#find(id))?.shared.map(shareOf);
  }

  /** @returns undefined when there is no such board. @throws {TooManyError} when it has `MAX_BOARD_SHARES` links. */
  share(id: string, name: string): Promise<CreatedShare | undefined> {
    return this.#alone(async () => {
      const stored = await this.#find(id);
      if (stored === undefined) return undefined;
      if (stored.shared.length >= MAX_BOARD_SHARES)
        throw new TooManyError(`The board has ${MAX_BOARD_SHARES} links, and that is the most; revoke one first`);
      const secret = newSecret();
      const share = { id: newId(), name: name.trim(), createdAt: this.#now(), digest: digestOf(secret) };
      await this.#keep({ ...stored, shared: [...stored.shared, share] });
      return { share: shareOf(share), token: shareToken({ boardId: id, shareId: share.id }, secret) };
    });
  }

  /** Ends a link. @returns whether there was such a one. */
  revoke({ boardId, shareId }: ShareRef): Promise<boolean> {
    return this.#alone(async () => {
      const stored = await this.#find(boardId);
      const shared = stored?.shared.filter(({ id }) => id !== shareId);
      if (stored === undefined || shared === undefined || shared.length === stored.shared.length) return false;
      await this.#keep({ ...stored, shared });
      this.#tell({ kind: 'revoked', boardId, shareId });
      return true;
    });
  }

  /** The link that a token opens; undefined when it is none, or revoked. */
  async shareOfToken(token: string): Promise<ShareRef | undefined> {
    const parsed = parseShareToken(token);
    if (parsed === undefined) return undefined;
    const { boardId, shareId, secret } = parsed;
    const share = (await this.#find(boardId))?.shared.find(({ id }) => id === shareId);
    return share !== undefined && isSecretOf(secret, share.digest) ? { boardId, shareId } : undefined;
  }

  /** What those who look at a board depend on; undefined when it is gone. */
  async standing(id: string): Promise<BoardStanding | undefined> {
    const stored = await this.#find(id);
    return stored && { revision: stored.revision, shareIds: new Set(stored.shared.map((share) => share.id)) };
  }

  /** The board that a link shows; undefined when the link was revoked or the board is gone. */
  async shown({ boardId, shareId }: ShareRef): Promise<Board | undefined> {
    const stored = await this.#find(boardId);
    return stored?.shared.some(({ id }) => id === shareId) ? boardOf(stored) : undefined;
  }

  #find(id: string): Promise<StoredBoard | undefined> {
    return this.documents.get<StoredBoard>(COLLECTION, id);
  }

  #keep(board: StoredBoard): Promise<void> {
    return this.documents.put(COLLECTION, board.id, board);
  }

  #alone<T>(change: () => Promise<T>): Promise<T> {
    return this.#changes.add(change);
  }

  #now(): string {
    return new Date(this.clock()).toISOString();
  }

  #tell(event: BoardEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const contentOf = ({ name, range, widgets }: BoardContent): BoardContent => ({ name: name.trim(), range, widgets });

const boardOf = ({ id, revision, createdAt, updatedAt, ...stored }: StoredBoard): Board => ({
  id,
  revision,
  createdAt,
  updatedAt,
  ...contentOf(stored),
});

const shareOf = ({ id, name, createdAt }: StoredShare): BoardShare => ({ id, name, createdAt });

const summaryOf = ({ id, revision, createdAt, updatedAt, name, widgets, shared }: StoredBoard): BoardSummary => ({
  id,
  revision,
  createdAt,
  updatedAt,
  name,
  shares: shared.length,
  layout: widgets.map(({ kind, x, y, w, h }) => ({ kind, x, y, w, h })),
});
