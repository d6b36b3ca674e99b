import { plainQuarantine, startApi, type Api } from '../../test/support/apiHarness.js';
import { BOARD } from '../../test/support/boards.js';

/** The document says what the service does: it resolves, and real answers are what it says they are. */
interface Schema {
  readonly [key: string]: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly 'x-access': string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema> };
}

let api: Api;
let document: Document;
let operations: (Operation & { method: string; path: string })[];

beforeAll(async () => {
  api = await startApi({
    quarantine: plainQuarantine([
      { id: 'a', at: '2026-02-14T12:00:00.000Z', source: 'chainhook-v1', reason: 'no such event', input: [1] },
    ]),
  });
  document = (await (await api.call('/api/openapi.json')).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );
});

const statusesOf = (id: string): string[] =>
  Object.keys(operations.find(({ operationId }) => operationId === id)?.responses ?? {});

it('is OpenAPI 3.1 whose references all lead somewhere', () => {
  expect(document.openapi).toBe('3.1.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(references.length).toBeGreaterThan(20);
  for (const name of references) expect(document.components.schemas).toHaveProperty(name ?? '');
});

it('names each operation once, and each parameter of its path', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, parameters } of operations)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`)).toEqual(
      path.match(/\{\w+\}/g) ?? [],
    );
});

it('tells the values and limits of parameters', () => {
  const snapshots = operations.find(({ path }) => path === '/api/analytics/snapshots');
  expect(snapshots?.parameters).toEqual([
    {
      name: 'period',
      in: 'query',
      required: false,
      schema: { type: 'string', enum: ['hourly', 'daily', 'weekly'], default: 'daily' },
    },
    {
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    },
    ...['from', 'to'].map((name) => ({
      ...{ name, in: 'query', required: false },
      schema: { type: 'string', format: 'date', description: expect.any(String) as string },
    })),
  ]);
});

it('says which parameters must be given', () => {
  const query = operations.find(({ path }) => path === '/api/analytics/query');
  expect(query?.parameters.filter(({ required }) => required).map(({ name }) => name)).toEqual(['metric']);
});

it('tells the errors of each call', () => {
  expect(statusesOf('postChainhookEvents')).toEqual(['200', '400', '401', '403', '413', '503']);
  expect(statusesOf('postAnalyticsSnapshot')).toEqual(['200', '201', '400', '401', '403', '413', '429', '503']);
  expect(statusesOf('getAnalyticsAggregated')).toEqual(['200', '400', '401', '403', '429', '503']);
  expect(statusesOf('deleteQuarantineId')).toEqual(['204', '400', '401', '403', '404', '429', '503']);
  expect(statusesOf('putBoardsId')).toEqual(['200', '400', '401', '403', '404', '412', '413', '428', '429', '503']);
  expect(statusesOf('getHealthReady')).toEqual(['200', '503']);
});

/** What of `value` is not as `schema` says; enough of JSON Schema for what the contract uses. */
function differences(schema: Schema, value: unknown, at = ''): string[] {
  if (typeof schema['$ref'] === 'string')
    return differences(document.components.schemas[schema['$ref'].replace(/.*\//, '')] ?? {}, value, at);
  const all = schema['allOf'] as Schema[] | undefined;
  if (all) return all.flatMap((part) => differences(part, value, at));
  const any = schema['anyOf'] as Schema[] | undefined;
  if (any) return any.some((part) => differences(part, value, at).length === 0) ? [] : [`${at}: none of anyOf`];
  if ('const' in schema) return schema['const'] === value ? [] : [`${at}: not ${String(schema['const'])}`];
  switch (schema['type']) {
    case 'object': {
      if (typeof value !== 'object' || value === null) return [`${at}: no object`];
      const known = (schema['properties'] ?? {}) as Record<string, Schema>;
      const missing = ((schema['required'] ?? []) as string[]).filter((name) => !(name in value));
      return [
        ...missing.map((name) => `${at}/${name}: missing`),
        ...Object.entries(value).flatMap(([name, inner]) => differences(known[name] ?? {}, inner, `${at}/${name}`)),
      ];
    }
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((inner, index) => differences(schema['items'] as Schema, inner, `${at}/${index}`))
        : [`${at}: no array`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at}: no whole number`];
    case 'null':
      return value === null ? [] : [`${at}: not null`];
    case undefined:
      return [];
    default:
      return typeof value === schema['type'] ? [] : [`${at}: no ${String(schema['type'])}`];
  }
}

it('describes each JSON answer as it is', async () => {
  const asked: string[] = [];
  const { board, editKey } = await api.services.boards.create(BOARD);
  await api.services.boards.share(board.id, 'the lobby');
  for (const { method, path, responses } of operations) {
    const schema = responses['200']?.content?.['application/json']?.schema;
    if (schema === undefined) continue;
    const filled = path
      .replace('/boards/{id}', `/boards/${board.id}`)
      .replace('{metric}', 'totalUsers')
      .replace('{hash}', '0xb1')
      .replace('{id}', 'a');
    const body =
      method === 'put' ? JSON.stringify(BOARD) : method === 'patch' ? '{"enabled":true}' : '{"period":"daily"}';
    const response = await api.call(path.endsWith('/query') ? `${filled}?metric=badgesIssued` : filled, {
      method: method.toUpperCase(),
      as: path.startsWith('/api/chainhook') ? 'chainhook' : 'admin',
      ...(method !== 'get' && {
        headers: { 'content-type': 'application/json', 'board-edit-key': editKey, 'if-match': '"1"' },
        body,
      }),
    });
    expect([path, differences(schema, await response.json())]).toEqual([path, []]);
    expect(response.ok).toBe(true);
    asked.push(path);
  }
  expect(asked.length).toBeGreaterThan(14);
});

it('shows itself on a page without inline scripts, with files of our own', async () => {
  const page = await (await api.call('/api/docs')).text();
  expect(page).not.toMatch(/<script>|https?:\/\/|onload/);
  for (const [, path] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
    const response = await api.call(path ?? '');
    expect([path, response.status]).toEqual([path, 200]);
  }
});
