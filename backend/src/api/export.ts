import { Type, type TObject } from '@sinclair/typebox';
import { isoDate, dayOf } from '../analyzers/calendar.js';
import { EXPORT_FORMATS, MAX_EXPORT_ROWS, type Export, type ExportFormat } from '../query/exports.js';
import { PageTable } from '../contract/index.js';
import { ACTIVITY_FILTERS, activityQueryOf } from './activity.js';
import type { BodyLimit } from './body.js';
import { LIST_FILTERS, sortOf } from './entities.js';
import { badRequest, notFound, type FieldError } from './problem.js';
import { QuestionQuery, questionOf } from './query.js';
import { route, type Answer, type Route } from './route.js';
import type { Services } from './services.js';

/** Lists and series as files to keep. */
const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** Some 5,000 rows of ten columns. */
const TABLE_BODY: BodyLimit = { bytes: 1_000_000, setBy: 'fixed' };

const format = Type.Union(
  EXPORT_FORMATS.map((name) => Type.Literal(name)),
  { default: 'csv' },
);
const rows = Type.Integer({
  minimum: 1,
  maximum: MAX_EXPORT_ROWS,
  default: MAX_EXPORT_ROWS,
  description: 'Rows, the first in the order of the list; `X-Total-Count` tells how many there are',
});

const QUERIES = {
  badges: listQuery('badges', LIST_FILTERS.badges),
  issuedBadges: listQuery('issuedBadges', LIST_FILTERS.issuedBadges),
  communities: listQuery('communities', LIST_FILTERS.communities),
  members: listQuery('members', LIST_FILTERS.members),
  users: listQuery('users', LIST_FILTERS.users),
  issuers: listQuery('issuers', LIST_FILTERS.issuers),
};

function listQuery<Filters extends TObject['properties']>(list: Parameters<typeof sortOf>[0], filters: Filters) {
  return Type.Object({ format, sort: sortOf(list), limit: rows, ...filters });
}

export function exportRoutes(
  { entities, exports, clock }: Pick<Services, 'entities' | 'exports' | 'clock'>,
  disabled: string | undefined,
): Route[] {
  const common = (path: string, what: string) =>
    ({
      method: 'get',
      path: `/api/export/${path}`,
      access: 'viewer',
      tag: 'export',
      summary: `${what} as a file: CSV, JSON or Parquet`,
      outcomes: { 200: { description: 'A file of the format that was asked for', type: 'text/csv' } },
      problems: [503],
      disabled,
    }) as const;
  const answer = (name: string, kind: ExportFormat, { content, total }: Export): Answer => ({
    status: 200,
    type: TYPES[kind],
    headers: {
      'Content-Disposition': `attachment; filename="${name}.${kind}"`,
      'X-Total-Count': String(total),
    },
    body: content,
  });
  const dated = (name: string): string => `${name}-${isoDate(dayOf(clock()))}`;
  return [
    route({
      ...common('query', 'The answer of a query'),
      query: Type.Object({ format, ...QuestionQuery.properties }),
      handle: async ({ query }) => {
        const question = questionOf(query, clock());
        const { metric, range } = question;
        const name = `${metric}-${isoDate(range.from)}-${isoDate(range.to)}`;
        return answer(name, query.format, await exports.series(question, query.format));
      },
    }),
    route({
      ...common('activity', 'Events, newest first,'),
      query: Type.Object({ format, limit: rows, ...ACTIVITY_FILTERS }),
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('activity'), kind, await exports.activity(activityQueryOf(query), kind)),
    }),
    route({
      ...common('badges', 'Badges (templates)'),
      query: QUERIES.badges,
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('badges'), kind, await exports.list('badges', query, kind)),
    }),
    route({
      ...common('issued-badges', 'Badges that were issued'),
      query: QUERIES.issuedBadges,
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('issued-badges'), kind, await exports.list('issued-badges', query, kind)),
    }),
    route({
      ...common('communities', 'Communities'),
      query: QUERIES.communities,
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('communities'), kind, await exports.list('communities', query, kind)),
    }),
    route({
      ...common('communities/:id/members', 'Members of one community'),
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }),
      query: QUERIES.members,
      problems: [404, 503],
      handle: async ({ params: { id: community }, query: { format: kind, ...query } }) => {
        if ((await entities.community(community)) === undefined) throw notFound(`No community ${community} is known.`);
        return answer(dated('members'), kind, await exports.list('members', { ...query, community }, kind));
      },
    }),
    route({
      ...common('users', 'Users'),
      query: QUERIES.users,
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('users'), kind, await exports.list('users', query, kind)),
    }),
    route({
      ...common('issuers', 'Issuers'),
      query: QUERIES.issuers,
      handle: async ({ query: { format: kind, ...query } }) =>
        answer(dated('issuers'), kind, await exports.list('issuers', query, kind)),
    }),
    route({
      method: 'post',
      path: '/api/export/table',
      access: 'viewer',
      tag: 'export',
      summary: 'A table as it stands on a page, as Parquet',
      description: 'What a page shows as CSV and JSON it writes itself; Parquet is written here. Nothing is kept.',
      body: { schema: PageTable, limit: TABLE_BODY },
      outcomes: { 200: { description: 'Numbers where a column has nothing else', type: TYPES.parquet } },
      problems: [503],
      disabled,
      handle: async ({ body }) => {
        const errors = wrongTable(body);
        if (errors.length > 0) throw badRequest(errors);
        const { rows } = body;
        return answer(dated('table'), 'parquet', {
          content: await exports.page(body),
          rows: rows.length,
          total: rows.length,
        });
      },
    }),
  ];
}

/** What the schema cannot say of a table. */
function wrongTable({ columns, rows }: PageTable): FieldError[] {
  const names = new Set(columns.map((name) => name.toLowerCase()));
  if (names.size < columns.length) return [{ field: 'columns', message: 'must not name two alike' }];
  const wrong = rows.findIndex((row) => row.length !== columns.length);
  if (wrong === -1) return [];
  return [{ field: `rows.${wrong}`, message: `must have ${columns.length} cells, as there are columns` }];
}
