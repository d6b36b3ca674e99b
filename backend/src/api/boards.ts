import { Type } from '@sinclair/typebox';
import type { Request } from 'express';
import { StaleBoardError, TooManyError } from '../boards/boards.js';
import { findingsOf } from '../boards/checks.js';
import {
  Board,
  BOARD_BYTES,
  BoardContent,
  BoardList,
  CreatedBoard,
  CreatedShare,
  MAX_BOARDS,
  NewEditKey,
  ShareContent,
  ShareList,
} from '../contract/index.js';
import { SMALL_BODY } from './body.js';
import { credentialsOf } from './guard.js';
import { badRequest, HttpProblem, notFound } from './problem.js';
import { json, route, type Answer, type Route } from './route.js';
import type { Services } from './services.js';

/**
 * Boards of widgets. Whoever may view may make one; changing one takes its edit key, so that two who share a viewer token
 * do not overwrite each other by mistake. An admin may delete any, revoke any link and make a new key, not edit.
 */
const id = Type.String({ minLength: 1, maxLength: 100 });
const BoardParams = Type.Object({ id });
const ShareParams = Type.Object({ id, share: id });
const KEY_HEADER = 'board-edit-key';
const KeyHeader = Type.Object({ [KEY_HEADER]: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const EditHeaders = Type.Object({
  ...KeyHeader.properties,
  'if-match': Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'The ETag that the change was made from, or `*`' }),
  ),
});
const content = { schema: BoardContent, limit: { bytes: BOARD_BYTES, setBy: 'fixed' } };
const gone = 'It is gone';

export function boardRoutes({ boards, auth, wrongTokens }: Pick<Services, 'boards' | 'auth' | 'wrongTokens'>): Route[] {
  const noBoard = (boardId: string): HttpProblem => notFound(`There is no board ${boardId}.`);

  /** @throws {HttpProblem} 404 no such board, 403 no or a wrong key, 429 after too many wrong ones. */
  const requireKey = async (boardId: string, key: string | undefined, request: Request): Promise<void> => {
    const exceeded = await wrongTokens.exceeded(request.ip);
    const right = await boards.isKeyOf(boardId, key ?? '');
    if (right === undefined) throw noBoard(boardId);
    if (key === undefined) throw new HttpProblem(403, `This needs the board's edit key, in the header ${KEY_HEADER}.`);
    if (exceeded !== undefined) throw exceeded;
    if (right) return;
    await wrongTokens.count(request.ip);
    throw new HttpProblem(403, 'This is not the edit key of the board; it may have been renewed.');
  };
  const requireKeyOrAdmin = async (boardId: string, key: string | undefined, request: Request): Promise<void> => {
    const identity = auth.identify(credentialsOf(request));
    if (typeof identity === 'object' && identity.role === 'admin') return;
    await requireKey(boardId, key, request);
  };

  return [
    route({
      method: 'get',
      path: '/api/boards',
      access: 'viewer',
      tag: 'boards',
      summary: 'The boards, those changed last first',
      outcomes: { 200: { description: 'All of them, without what their widgets say', schema: BoardList } },
      handle: async () => json(200, { items: await boards.list(), limit: MAX_BOARDS }),
    }),
    route({
      method: 'post',
      path: '/api/boards',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Make a board',
      body: content,
      outcomes: { 201: { description: 'With its edit key, which is told this once', schema: CreatedBoard } },
      problems: [409],
      handle: async ({ body }) => {
        refuseFindings(body);
        const created = await boards.create(body).catch(refuseTooMany);
        return { ...json(201, created), headers: { ETag: '"1"', Location: `/api/boards/${created.board.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/api/boards/:id',
      access: 'viewer',
      tag: 'boards',
      summary: 'One board',
      description: 'Also for whoever has a link to it.',
      params: BoardParams,
      outcomes: { 200: { description: '`ETag` is its revision', schema: Board } },
      problems: [404],
      handle: async ({ params }) => answerWith(await boards.get(params.id), noBoard(params.id)),
    }),
    route({
      method: 'put',
      path: '/api/boards/:id',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Change a board',
      description: "Takes the board's edit key, and in If-Match the revision that the change was made from.",
      params: BoardParams,
      headers: EditHeaders,
      body: content,
      outcomes: { 200: { description: 'As it is now; `ETag` is its revision', schema: Board } },
      problems: [404, 412, 428],
      handle: async ({ params, headers, body, request }) => {
        await requireKey(params.id, headers[KEY_HEADER], request);
        const from = revisionOf(headers['if-match']);
        refuseFindings(body);
        return answerWith(await boards.replace(params.id, body, from).catch(refuseStale), noBoard(params.id));
      },
    }),
    route({
      method: 'delete',
      path: '/api/boards/:id',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Delete a board and all links to it',
      description: "Takes the board's edit key, or an admin.",
      params: BoardParams,
      headers: KeyHeader,
      outcomes: { 204: { description: gone } },
      problems: [404],
      handle: async ({ params, headers, request }) => {
        await requireKeyOrAdmin(params.id, headers[KEY_HEADER], request);
        if (!(await boards.remove(params.id))) throw noBoard(params.id);
        return { status: 204 };
      },
    }),
    route({
      method: 'post',
      path: '/api/boards/:id/edit-key',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Make a new edit key',
      description: "The one before is worth nothing then. Takes the board's edit key, or an admin.",
      params: BoardParams,
      headers: KeyHeader,
      outcomes: { 201: { description: 'It is told this once', schema: NewEditKey } },
      problems: [404],
      handle: async ({ params, headers, request }) => {
        await requireKeyOrAdmin(params.id, headers[KEY_HEADER], request);
        const editKey = await boards.renewKey(params.id);
        if (editKey === undefined) throw noBoard(params.id);
        return json(201, { editKey });
      },
    }),
    route({
      method: 'get',
      path: '/api/boards/:id/shares',
      access: 'viewer',
      tag: 'boards',
      summary: 'The links to a board, in the order in which they were made',
      description: "Without their tokens. Takes the board's edit key, or an admin.",
      params: BoardParams,
      headers: KeyHeader,
      outcomes: { 200: { description: 'All that stand', schema: ShareList } },
      problems: [404],
      handle: async ({ params, headers, request }) => {
        await requireKeyOrAdmin(params.id, headers[KEY_HEADER], request);
        const items = await boards.shares(params.id);
        if (items === undefined) throw noBoard(params.id);
        return json(200, { items });
      },
    }),
    route({
      method: 'post',
      path: '/api/boards/:id/shares',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Make a link that shows the board to whoever has it',
      description: "Takes the board's edit key.",
      params: BoardParams,
      headers: KeyHeader,
      body: { schema: ShareContent, limit: SMALL_BODY },
      outcomes: { 201: { description: 'With its token, which is told this once', schema: CreatedShare } },
      problems: [404, 409],
      handle: async ({ params, headers, body, request }) => {
        await requireKey(params.id, headers[KEY_HEADER], request);
        if (body.name.trim() === '') throw badRequest([{ field: 'name', message: 'must not be blank' }]);
        const created = await boards.share(params.id, body.name).catch(refuseTooMany);
        if (created === undefined) throw noBoard(params.id);
        return json(201, created);
      },
    }),
    route({
      method: 'delete',
      path: '/api/boards/:id/shares/:share',
      access: 'viewer',
      writes: 'once',
      tag: 'boards',
      summary: 'Revoke a link',
      description: "Who looks through it sees nothing more from then on. Takes the board's edit key, or an admin.",
      params: ShareParams,
      headers: KeyHeader,
      outcomes: { 204: { description: gone } },
      problems: [404],
      handle: async ({ params, headers, request }) => {
        await requireKeyOrAdmin(params.id, headers[KEY_HEADER], request);
        if (!(await boards.revoke({ boardId: params.id, shareId: params.share })))
          throw notFound(`The board ${params.id} has no link ${params.share}.`);
        return { status: 204 };
      },
    }),
  ];
}

function answerWith(board: Board | undefined, missing: HttpProblem): Answer {
  if (board === undefined) throw missing;
  return { ...json(200, board), headers: { ETag: `"${board.revision}"` } };
}

/** @returns null for `*`. @throws {HttpProblem} 428 without If-Match, 400 when it is no ETag of a board. */
function revisionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined)
    throw new HttpProblem(428, 'If-Match must name the revision that the change was made from, such as "7".');
  if (ifMatch === '*') return null;
  const revision = /^"(\d{1,15})"$/.exec(ifMatch)?.[1];
  if (revision === undefined) throw badRequest([{ field: 'if-match', message: 'must be an ETag such as "7", or *' }]);
  return Number(revision);
}

/** @throws {HttpProblem} 400 */
function refuseFindings(board: BoardContent): void {
  const findings = findingsOf(board);
  if (findings.length > 0) throw badRequest(findings);
}

function refuseTooMany(error: unknown): never {
  throw error instanceof TooManyError ? new HttpProblem(409, `${error.message}.`) : error;
}

function refuseStale(error: unknown): never {
  if (!(error instanceof StaleBoardError)) throw error;
  throw new HttpProblem(412, `The board has been changed meanwhile: it is at revision ${error.revision} now.`, {
    headers: { ETag: `"${error.revision}"` },
  });
}
