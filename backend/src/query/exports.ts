import type { TObject } from '@sinclair/typebox';
import { dayOf } from '../analyzers/calendar.js';
import {
  ActivityItem,
  BadgeSummary,
  CommunityMember,
  CommunitySummary,
  IssuedBadge,
  IssuerSummary,
  UserSummary,
  type PageTable,
  type QueryAnswer,
} from '../contract/index.js';
import type { ActivityQuery } from '../warehouse/activity.js';
import { badgeList, type BadgeListQuery } from '../warehouse/badgeList.js';
import { communityList, type CommunityListQuery } from '../warehouse/communityList.js';
import { issuedBadgeList, type IssuedBadgeQuery } from '../warehouse/issuedBadgeList.js';
import { issuerList, type IssuerListQuery } from '../warehouse/issuerList.js';
import type { ListPage } from '../warehouse/listPage.js';
import { memberList, type MemberListQuery } from '../warehouse/memberList.js';
import type { Table } from '../warehouse/table.js';
import { userList, type UserListQuery } from '../warehouse/userList.js';
import { csvOf } from './csv.js';
import type { Queries } from './queries.js';
import type { Question } from './question.js';
import { listTable, pageTable, seriesTable } from './tables.js';

/** Lists and series as files: CSV, JSON or Parquet, made of the same reads as the answers, and bounded in rows. */
export const EXPORT_FORMATS = ['csv', 'json', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Rows of one file: some 15 MB of text at the most, held in memory while it is sent. */
export const MAX_EXPORT_ROWS = 50_000;

export interface Export {
  readonly content: string | Buffer;
  /** Rows in the file. */
  readonly rows: number;
  /** Items of the whole list, of which the first `rows` are in the file. */
  readonly total: number;
}

/** What can be asked of each list. */
export interface ListQueries {
  readonly badges: BadgeListQuery;
  readonly 'issued-badges': IssuedBadgeQuery;
  readonly communities: CommunityListQuery;
  readonly members: MemberListQuery;
  readonly users: UserListQuery;
  readonly issuers: IssuerListQuery;
}
export type ExportedList = keyof ListQueries;

type Find<Query> = (
  connection: Parameters<typeof badgeList>[0],
  query: Query,
  today: number,
) => Promise<ListPage<object>>;

const LISTS: { readonly [List in ExportedList]: { readonly schema: TObject; readonly find: Find<ListQueries[List]> } } =
  {
    badges: { schema: BadgeSummary, find: badgeList },
    'issued-badges': { schema: IssuedBadge, find: issuedBadgeList },
    communities: { schema: CommunitySummary, find: communityList },
    members: { schema: CommunityMember, find: memberList },
    users: { schema: UserSummary, find: userList },
    issuers: { schema: IssuerSummary, find: issuerList },
  };

/** The newest `limit` events that a query finds, and how many there are in all. */
export type FindActivity = (
  query: ActivityQuery,
) => Promise<{ readonly items: readonly ActivityItem[]; readonly total: number }>;

export class Exports {
  constructor(
    private readonly queries: Pick<Queries, 'query' | 'take'>,
    private readonly findActivity: FindActivity,
    private readonly clock: () => number,
  ) {}

  /** The newest `query.limit` events. */
  async activity(query: ActivityQuery, format: ExportFormat): Promise<Export> {
    const { items, total } = await this.findActivity(query);
    return { content: await this.#write(listTable(ActivityItem, items), format), rows: items.length, total };
  }

  /** The first `query.limit` items of a list. */
  async list<List extends ExportedList>(list: List, query: ListQueries[List], format: ExportFormat): Promise<Export> {
    const { schema, find } = LISTS[list];
    const today = dayOf(this.clock());
    const { rows, total } = await this.queries.take((connection) => find(connection, query, today));
    return { content: await this.#write(listTable(schema, rows), format), rows: rows.length, total };
  }

  /** Every value of a series. */
  async series(question: Question, format: ExportFormat): Promise<Export> {
    const table = seriesTable(JSON.parse(await this.queries.query(question)) as QueryAnswer);
    return { content: await this.#write(table, format), rows: table.rows.length, total: table.rows.length };
  }

  /** A table that someone has before them, in the one format that a page cannot write itself. */
  page(table: PageTable): Promise<Buffer> {
    return this.queries.take((connection) => connection.parquet(pageTable(table)));
  }

  #write(table: Table, format: ExportFormat): string | Promise<Buffer> {
    switch (format) {
      case 'csv':
        return csvOf(table);
      case 'json':
        return JSON.stringify(
          table.rows.map((row) => Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]]))),
        );
      case 'parquet':
        return this.queries.take((connection) => connection.parquet(table));
    }
  }
}
