import { activitySource } from '../events/activityItem.js';
import type { Fact } from '../events/fact.js';
import type { BlockEntry } from '../log/log.js';

/**
 * The tables of the read model: what the log says, one row an entry, appended and never changed. Whether a fact counts is
 * not stored with it: that is what the last entry of its block says, so a reorg of any depth is one appended row a block.
 */

/** Raised when a table or the meaning of a column changes: a file of another version is dropped and rebuilt. */
export const SCHEMA_VERSION = 3;

export type ColumnType = 'BIGINT' | 'VARCHAR' | 'BOOLEAN';

const FACT_COLUMNS = {
  seq: 'BIGINT',
  id: 'VARCHAR',
  type: 'VARCHAR',
  at_ms: 'BIGINT',
  actor: 'VARCHAR',
  /** Recipient, member, new owner or user. */
  subject: 'VARCHAR',
  badge_id: 'VARCHAR',
  template_id: 'VARCHAR',
  community_id: 'VARCHAR',
  issuer: 'VARCHAR',
  /** Creator of a community. */
  owner: 'VARCHAR',
  /** Level and category that the fact gives: of a mint, after an update, or the default of a template. */
  level: 'BIGINT',
  category: 'VARCHAR',
  /** Name that the fact gives to a template or a community. */
  name: 'VARCHAR',
  /** Null for facts that do not come from the chain, as are the four columns after it. */
  height: 'BIGINT',
  block_hash: 'VARCHAR',
  tx_id: 'VARCHAR',
  tx_index: 'BIGINT',
  ordinal: 'BIGINT',
} as const satisfies Record<string, ColumnType>;

const BLOCK_COLUMNS = {
  seq: 'BIGINT',
  hash: 'VARCHAR',
  height: 'BIGINT',
  canonical: 'BOOLEAN',
} as const satisfies Record<string, ColumnType>;

/** One row, in the order of the table's columns. */
export type Row = readonly (string | number | boolean | undefined)[];

export const table = (name: string, columns: Record<string, ColumnType>): string =>
  `CREATE TABLE ${name} (${Object.entries(columns)
    .map((column) => column.join(' '))
    .join(', ')})`;

/** Makes an empty read model. `meta.last_entry` names the log entry at `meta.seq`, to know the log again. */
export const CREATE_TABLES = [
  table('fact', FACT_COLUMNS),
  table('block', BLOCK_COLUMNS),
  'CREATE TABLE meta (schema_version BIGINT, seq BIGINT, last_entry VARCHAR)',
  `INSERT INTO meta VALUES (${SCHEMA_VERSION}, 0, '')`,
];

/**
 * `ORDER BY` of `compareFacts`: ascending for "the first counts", descending for "the latest counts". Text compares by byte,
 * which for ids in base64url is by code unit.
 */
export const chainOrder = (direction: 'ASC' | 'DESC'): string =>
  ['coalesce(height, 0)', 'coalesce(tx_index, 0)', 'coalesce(ordinal, 0)', 'at_ms', 'id']
    .map((term) => `${term} ${direction}`)
    .join(', ');

export const blockRow = (seq: number, { hash, height, canonical }: BlockEntry): Row => [seq, hash, height, canonical];

export function factRow(seq: number, fact: Fact): Row {
  const { id, type, atMs, actor, subject, badgeId, templateId, communityId, name } = activitySource(fact);
  const { issuer, owner, level, category } = measures(fact);
  const { chain } = fact;
  return [
    ...[seq, id, type, atMs, actor, subject, badgeId, templateId, communityId, issuer, owner, level, category, name],
    ...[chain?.height, chain?.blockHash, chain?.txId, chain?.txIndex, chain?.ordinal],
  ];
}

interface Measures {
  readonly issuer?: string;
  readonly owner?: string;
  readonly level?: number | undefined;
  readonly category?: string | undefined;
}

/** What is counted and grouped by, beyond what the activity list shows. */
function measures(fact: Fact): Measures {
  switch (fact.type) {
    case 'badge_issued':
      return { issuer: fact.props.issuer, level: fact.props.level, category: fact.props.category };
    case 'badge_updated':
      return { level: fact.props.newLevel, category: fact.props.newCategory };
    case 'template_created':
      return { level: fact.props.defaultLevel, category: fact.props.category };
    case 'community_created':
      return { owner: fact.props.owner };
    default:
      return {};
  }
}
