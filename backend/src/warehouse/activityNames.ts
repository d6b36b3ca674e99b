import type { DuckDBConnection } from '@duckdb/node-api';
import type { ActivityNames } from '../events/activityItem.js';
import { placeholders, queryRows } from './query.js';
import { chainOrder } from './schema.js';
import type { FactType } from '../events/fact.js';

/** What the rows of one page are called: the mints, templates and communities that count for them, and their blocks. */
export interface PageNames extends ActivityNames {
  /** Whether facts of this block count; those that are of no block (null) always do. */
  counts(blockHash: string | null): boolean;
}

/** A row of the page; columns that the fact's type has not are null. */
export interface ActivityRow {
  readonly seq: number;
  readonly id: string;
  readonly type: FactType;
  readonly atMs: number;
  readonly actor: string;
  readonly subject: string | null;
  readonly badgeId: string | null;
  readonly templateId: string | null;
  readonly communityId: string | null;
  readonly name: string | null;
  readonly height: number | null;
  readonly blockHash: string | null;
  readonly txId: string | null;
}

export async function namesFor(connection: DuckDBConnection, rows: readonly ActivityRow[]): Promise<PageNames> {
  const read = (type: string, key: string, ids: readonly string[]): Promise<Candidate[]> =>
    candidates(connection, type, key, ids);
  const mints = await read(
    'badge_issued',
    'badge_id',
    present(rows.map((row) => (row.templateId ? null : row.badgeId))),
  );
  const templateIds = present([...rows, ...mints].map(({ templateId }) => templateId));
  const templates = await read('template_created', 'template_id', templateIds);
  const communities = await read('community_created', 'community_id', present(rows.map((row) => row.communityId)));
  const canonical = await canonicalBlocks(connection, [...rows, ...mints, ...templates, ...communities]);
  const counts = (blockHash: string | null): boolean => blockHash === null || canonical.has(blockHash);
  const firstOf = (found: readonly Candidate[]): Map<string, Candidate> =>
    new Map(
      found
        .filter(({ blockHash }) => counts(blockHash))
        .toReversed()
        .map((one) => [one.key, one]),
    );
  const [mintOf, templateOf, communityOf] = [firstOf(mints), firstOf(templates), firstOf(communities)];
  return {
    counts,
    mint: (badgeId) => mintOf.get(badgeId),
    templateName: (templateId) => templateOf.get(templateId)?.name,
    communityName: (communityId) => communityOf.get(communityId)?.name,
  };
}

/** A fact that could count for its key: the first one of a block that counts does. */
interface Candidate {
  readonly key: string;
  readonly templateId: string;
  readonly recipient: string;
  readonly name: string;
  readonly height: number | null;
  readonly blockHash: string | null;
}

/** In chain order. */
const candidates = (
  connection: DuckDBConnection,
  type: string,
  key: string,
  ids: readonly string[],
): Promise<Candidate[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : queryRows<Candidate>(
        connection,
        `SELECT ${key} AS key, template_id AS "templateId", subject AS recipient, name, height, block_hash AS "blockHash"
        FROM fact WHERE type = ? AND ${key} IN (${placeholders(ids)}) ORDER BY ${chainOrder('ASC')}`,
        [type, ...ids],
      );

interface OfBlock {
  readonly height: number | null;
  readonly blockHash: string | null;
}

/** Hashes of those blocks that are canonical by their last entry; the heights only make the look-up quick. */
async function canonicalBlocks(connection: DuckDBConnection, facts: readonly OfBlock[]): Promise<Set<string>> {
  const hashes = present(facts.map(({ blockHash }) => blockHash));
  const heights = present(facts.map(({ height }) => height)).map(BigInt);
  const blocks = await queryRows<{ hash: string }>(
    connection,
    `SELECT hash FROM block WHERE height IN (${placeholders(heights)}) AND hash IN (${placeholders(hashes)})
    GROUP BY hash HAVING arg_max(canonical, seq)`,
    [...heights, ...hashes],
  );
  return new Set(blocks.map(({ hash }) => hash));
}

const present = <T>(values: readonly (T | null)[]): T[] => [...new Set(values.filter((value) => value !== null))];
