import { MS_PER_DAY } from '../analyzers/calendar.js';
import { chainOrder } from './schema.js';
import { countingOf, earliestOf, FOREVER } from './spans.js';

/**
 * What the canonical facts say together, as temporary tables of spans (see `spans.ts`), each defined as in section 5 of the
 * design: the first mint of a badge counts, the latest update holds, a badge is held until its first revocation, a user is
 * first seen at the earliest fact. Built once, they answer every period that is derived from them.
 */
const FIRST_COUNTS = chainOrder('ASC');
const LATEST_COUNTS = chainOrder('DESC');

/** Days before a period that its figures look back on: 30-day series and retention. */
const LOOK_BACK_DAYS = 30;

/** Statements that make the tables, in order. @param sinceMs start of the first period that will be asked for */
export function createSpanTables(sinceMs: number): string[] {
  const activeSinceMs = sinceMs - LOOK_BACK_DAYS * MS_PER_DAY;
  return [
    // The last entry of a block says whether it counts; a fact of a block without an entry does not.
    table('canonical_block', 'SELECT hash FROM block GROUP BY hash HAVING arg_max(canonical, seq)'),
    `CREATE TEMP VIEW canonical AS
      SELECT * FROM fact WHERE block_hash IS NULL OR block_hash IN (SELECT hash FROM canonical_block)`,
    counting(
      'mint',
      'badge_issued',
      'badge_id',
      FIRST_COUNTS,
      'template_id, subject AS recipient, issuer, community_id, level, category',
    ),
    counting('template', 'template_created', 'template_id', FIRST_COUNTS, 'name, level, category'),
    counting('community', 'community_created', 'community_id', FIRST_COUNTS, 'name, owner'),
    counting('ownership', 'community_transferred', 'community_id', LATEST_COUNTS, 'subject AS owner'),
    counting('badge_update', 'badge_updated', 'badge_id', LATEST_COUNTS, 'level, category'),
    table('deactivation', earliest('community_deactivated', 'community_id')),
    table('revocation', earliest('badge_revoked', 'badge_id')),
    table('held', HELD),
    table('seen_user', earliestOf('principal', SIGHTINGS)),
    table('holder', earliestOf('recipient', 'mint')),
    table('template_holder', earliestOf('template_id, recipient', 'mint')),
    table(
      'active_day',
      earliestOf(
        'day, recipient',
        `(SELECT from_ms // ${MS_PER_DAY} AS day, recipient, from_ms, to_ms FROM mint WHERE from_ms >= ${activeSinceMs})`,
      ),
    ),
    table('member', earliestOf('community_id, principal', MEMBERSHIPS)),
  ];
}

const table = (name: string, query: string): string => `CREATE TEMP TABLE ${name} AS ${query}`;

/** What chain order compares. */
const POSITION = 'height, tx_index, ordinal, at_ms, id';

/** The facts of a type that count for their key: rows of the key, `columns`, `from_ms`, `to_ms`; no column more, for speed. */
function counting(name: string, type: string, key: string, order: string, columns: string): string {
  const source = `SELECT ${key}, ${columns}, ${POSITION} FROM canonical WHERE type = '${type}'`;
  return table(name, `SELECT * EXCLUDE (${POSITION}) FROM (${countingOf(key, order, source)})`);
}

/** What holds for good once it has happened, by the time of the first such fact of each key. */
const earliest = (type: string, key: string): string =>
  `SELECT ${key}, min(at_ms) AS at_ms FROM canonical WHERE type = '${type}' GROUP BY ${key}`;

/**
 * A badge with its level and category while it is held: its mint cut at its updates and ended by its first revocation.
 * Null is what the mint left open: its template's, as of the moment of asking. `greatest` and `least` pass over nulls.
 */
const HELD = `
  SELECT template_id, coalesce(state.level, mint.level) AS level, coalesce(state.category, mint.category) AS category,
    greatest(mint.from_ms, state.from_ms) AS from_ms, least(mint.to_ms, state.to_ms, revocation.at_ms) AS to_ms
  FROM mint
  LEFT JOIN (
    FROM badge_update
    UNION ALL SELECT badge_id, NULL, NULL, NULL, min(from_ms) FROM badge_update GROUP BY badge_id
  ) AS state USING (badge_id)
  LEFT JOIN revocation USING (badge_id)
  WHERE greatest(mint.from_ms, state.from_ms) < least(mint.to_ms, state.to_ms, revocation.at_ms)`;

/** A fact that nothing displaces holds from its time on. */
const fromThenOn = (columns: string): string =>
  `SELECT ${columns}, at_ms AS from_ms, ${FOREVER} AS to_ms FROM canonical`;

const SIGHTINGS = `(
  SELECT recipient AS principal, from_ms, to_ms FROM mint
  UNION ALL SELECT owner, from_ms, to_ms FROM community
  UNION ALL ${fromThenOn('subject')} WHERE type IN ('community_transferred', 'member_added', 'user_joined'))`;

const MEMBERSHIPS = `(
  SELECT community_id, owner AS principal, from_ms, to_ms FROM community
  UNION ALL ${fromThenOn('community_id, subject')} WHERE type = 'member_added')`;
