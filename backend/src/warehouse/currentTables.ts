import { chainOrder, table, type ColumnType } from './schema.js';

/**
 * What the canonical facts say together as of one log position: a row a badge, template, community, membership and user.
 * Brought from one position to a later one by deriving anew what the facts between, and the blocks that they mention,
 * are about; the rest of the rows stays. The position is in `current_meta`; from 0, all of it is derived.
 */
const CURRENT_TABLES = {
  /** By the first mint of its id; `level` and `category` as its event says them, else null: its template's. */
  current_badge: {
    badge_id: 'VARCHAR',
    template_id: 'VARCHAR',
    recipient: 'VARCHAR',
    issuer: 'VARCHAR',
    /** That the event names. */
    community_id: 'VARCHAR',
    level: 'BIGINT',
    category: 'VARCHAR',
    /** After the latest update. */
    held_level: 'BIGINT',
    held_category: 'VARCHAR',
    at_ms: 'BIGINT',
    /** Time of the first revocation. */
    revoked_ms: 'BIGINT',
    height: 'BIGINT',
    tx_id: 'VARCHAR',
  },
  current_template: {
    template_id: 'VARCHAR',
    name: 'VARCHAR',
    category: 'VARCHAR',
    level: 'BIGINT',
    creator: 'VARCHAR',
    at_ms: 'BIGINT',
  },
  current_community: {
    community_id: 'VARCHAR',
    name: 'VARCHAR',
    /** After the latest transfer. */
    owner: 'VARCHAR',
    creator: 'VARCHAR',
    at_ms: 'BIGINT',
    deactivated_ms: 'BIGINT',
  },
  current_member: { community_id: 'VARCHAR', principal: 'VARCHAR', at_ms: 'BIGINT' },
  current_user: { principal: 'VARCHAR', at_ms: 'BIGINT' },
} as const satisfies Record<string, Record<string, ColumnType>>;

export const CREATE_CURRENT_TABLES = [
  'CREATE TABLE other_fact AS FROM fact WITH NO DATA',
  ...Object.entries(CURRENT_TABLES).map(([name, columns]) => table(name, columns)),
  'CREATE TABLE current_meta (seq BIGINT)',
  'INSERT INTO current_meta VALUES (0)',
];

const FIRST = chainOrder('ASC');
const LATEST = chainOrder('DESC');
const POSITION = 'height, tx_index, ordinal, at_ms, id';

/** Statements that derive everything as of `to`, for one transaction of a connection of its own. */
export const deriveAll = (to: number): string[] => [
  'DELETE FROM other_fact',
  otherFacts(0, to),
  ...canonicalAsOf(to, 'VIEW', 'fact'),
  ...Object.keys(CURRENT_TABLES).map((name) => `DELETE FROM ${name}`),
  ...insertions({
    only: () => '',
    badges: (derived) => [`INSERT INTO current_badge ${derived}`],
    sightings: 'SELECT recipient AS principal, at_ms FROM current_badge',
  }),
  `UPDATE current_meta SET seq = ${to}`,
];

/**
 * Statements that bring the tables from the position `from`, not 0, to `to`, for one transaction as well. What a batch costs
 * in a long history is to look for its badges in all facts: only where those stand is read of them, and the facts themselves
 * then by that, which is in order and so at few places of the file.
 */
export const deriveChanges = (from: number, to: number): string[] => [
  otherFacts(from, to),
  temporary(
    'touched_fact',
    `WITH mentioned AS (SELECT DISTINCT height, hash FROM block WHERE seq > ${from} AND seq <= ${to})
    SELECT seq, type, badge_id, template_id, community_id, subject FROM fact WHERE seq > ${from} AND seq <= ${to}
    UNION ALL SELECT seq, type, badge_id, template_id, community_id, subject
    FROM fact SEMI JOIN mentioned ON fact.height = mentioned.height AND block_hash = hash WHERE seq <= ${from}`,
  ),
  temporary('touched_badge', `SELECT DISTINCT badge_id FROM touched_fact WHERE badge_id IS NOT NULL`),
  temporary('badge_seq', `SELECT seq FROM fact WHERE seq <= ${to} AND badge_id IN (FROM touched_badge)`),
  temporary('badge_fact', `SELECT * FROM fact WHERE seq IN (FROM badge_seq)`),
  temporary('touched_template', `SELECT DISTINCT template_id FROM touched_fact WHERE type = 'template_created'`),
  temporary(
    'touched_community',
    `SELECT DISTINCT community_id FROM touched_fact
    WHERE type IN (${COMMUNITY_TYPES})`,
  ),
  // Whoever any creation of the community names: which of them counts may be another one now.
  temporary(
    'touched_member',
    `SELECT community_id, subject AS principal FROM touched_fact WHERE type = 'member_added'
    UNION SELECT community_id, owner FROM other_fact
    WHERE type = 'community_created' AND community_id IN (FROM touched_community)`,
  ),
  temporary(
    'touched_user',
    `SELECT subject AS principal FROM touched_fact WHERE type IN (${SIGHTING_TYPES})
    UNION SELECT subject FROM badge_fact WHERE type = 'badge_issued'
    UNION SELECT principal FROM touched_member`,
  ),
  // Who may have been seen first by what does not count any more: by a sighting or a creation that is touched though it was
  // there before, or by a mint that was there before another of its badge, or that is touched.
  temporary(
    'lost_user',
    `SELECT subject AS principal FROM touched_fact WHERE seq <= ${from} AND type IN (${SIGHTING_TYPES})
    UNION SELECT subject FROM badge_fact WHERE type = 'badge_issued' AND seq <= ${from}
      AND badge_id IN (SELECT badge_id FROM touched_fact WHERE type = 'badge_issued')
    UNION SELECT owner FROM other_fact WHERE type = 'community_created' AND seq <= ${from}
      AND community_id IN (SELECT community_id FROM touched_fact WHERE type = 'community_created')`,
  ),
  temporary(
    'known_user',
    'FROM current_user SEMI JOIN touched_user USING (principal) ANTI JOIN lost_user USING (principal)',
  ),
  // Memberships of whoever is touched are among the sightings.
  ...canonicalAsOf(
    to,
    'TABLE',
    `(FROM badge_fact UNION ALL SELECT * FROM other_fact
      WHERE type IN (${SIGHTING_TYPES}) AND subject IN (FROM touched_user)
      OR type IN (${COMMUNITY_TYPES})
        AND community_id IN (SELECT community_id FROM touched_community UNION SELECT community_id FROM touched_member)
      OR type = 'template_created' AND template_id IN (FROM touched_template))`,
  ),
  'DELETE FROM current_badge WHERE badge_id IN (FROM touched_badge)',
  'DELETE FROM current_template WHERE template_id IN (FROM touched_template)',
  'DELETE FROM current_community WHERE community_id IN (FROM touched_community)',
  `DELETE FROM current_member WHERE (community_id, principal) IN (FROM touched_member)`,
  'DELETE FROM current_user WHERE principal IN (FROM touched_user)',
  ...insertions({
    only: (key, touched) => `AND ${key} IN (FROM ${touched})`,
    badges: (derived) => [
      temporary('derived_badge', 'FROM current_badge WITH NO DATA'),
      `INSERT INTO derived_badge ${derived}`,
      'INSERT INTO current_badge FROM derived_badge',
    ],
    // Of all badges only those of whoever may have been seen first by one that is no more: nearly always of nobody.
    sightings: `FROM known_user UNION ALL SELECT recipient, at_ms FROM derived_badge
      UNION ALL SELECT recipient, at_ms FROM current_badge WHERE recipient IN (FROM lost_user)`,
  }),
  `UPDATE current_meta SET seq = ${to}`,
];

const SIGHTING_TYPES = `'community_transferred', 'member_added', 'user_joined'`;

const COMMUNITY_TYPES = `'community_created', 'community_transferred', 'community_deactivated'`;

/**
 * What tables are derived from of facts that are about no badge, once more as of the same position: some tenth of all, and
 * what is touched is looked for in most of its columns.
 */
const otherFacts = (from: number, to: number): string =>
  `INSERT INTO other_fact SELECT * FROM fact
  WHERE seq > ${from} AND seq <= ${to} AND type IN ('template_created', ${COMMUNITY_TYPES}, ${SIGHTING_TYPES})`;

const temporary = (name: string, query: string): string => `CREATE OR REPLACE TEMP TABLE ${name} AS ${query}`;

/**
 * The relation `canonical`: the facts of `source` up to a position whose block counts as of that position.
 * @param kind `TABLE` where they are few: a view is looked for in all facts by each of those who ask it
 */
const canonicalAsOf = (to: number, kind: 'TABLE' | 'VIEW', source: string): string[] => [
  temporary(
    'canonical_block',
    `SELECT hash FROM block WHERE seq <= ${to} GROUP BY hash HAVING arg_max(canonical, seq)`,
  ),
  `CREATE OR REPLACE TEMP ${kind} canonical AS SELECT * FROM ${source}
    WHERE seq <= ${to} AND (block_hash IS NULL OR block_hash IN (SELECT hash FROM canonical_block))`,
];

interface Insertions {
  /** A further condition: that the key is one of a table of touched ones. */
  readonly only: (key: string, touched: string) => string;
  /** Statements that insert the badges of a query. */
  readonly badges: (derived: string) => string[];
  /** Who was seen by a badge, or was known before: a query of `principal` and `at_ms`. */
  readonly sightings: string;
}

const insertions = ({ only, badges, sightings }: Insertions): string[] => [
  ...badges(`
    WITH mint AS (${preferred('badge_issued', 'badge_id', FIRST, only('badge_id', 'touched_badge'), '*')}),
    latest AS (${preferred('badge_updated', 'badge_id', LATEST, only('badge_id', 'touched_badge'), 'badge_id, level, category')}),
    revocation AS (${preferred('badge_revoked', 'badge_id', FIRST, only('badge_id', 'touched_badge'), 'badge_id, at_ms')})
    SELECT badge_id, template_id, subject, issuer, community_id, mint.level, mint.category,
      coalesce(latest.level, mint.level), coalesce(latest.category, mint.category), mint.at_ms, revocation.at_ms, height, tx_id
    FROM mint LEFT JOIN latest USING (badge_id) LEFT JOIN revocation USING (badge_id)`),
  `INSERT INTO current_template ${preferred(
    'template_created',
    'template_id',
    FIRST,
    only('template_id', 'touched_template'),
    'template_id, name, category, level, actor, at_ms',
  )}`,
  `INSERT INTO current_community
    WITH creation AS (${preferred('community_created', 'community_id', FIRST, only('community_id', 'touched_community'), '*')}),
    transfer AS (${preferred('community_transferred', 'community_id', LATEST, only('community_id', 'touched_community'), 'community_id, subject')}),
    ended AS (${preferred('community_deactivated', 'community_id', FIRST, only('community_id', 'touched_community'), 'community_id, at_ms')})
    SELECT community_id, name, coalesce(transfer.subject, owner), owner, creation.at_ms, ended.at_ms
    FROM creation LEFT JOIN transfer USING (community_id) LEFT JOIN ended USING (community_id)`,
  `INSERT INTO current_member
    SELECT community_id, principal, min(at_ms) FROM (
      SELECT community_id, creator AS principal, at_ms FROM current_community
      UNION ALL SELECT community_id, subject, at_ms FROM canonical WHERE type = 'member_added')
    WHERE true ${only('(community_id, principal)', 'touched_member')} GROUP BY ALL`,
  `INSERT INTO current_user
    SELECT principal, min(at_ms) FROM (
      ${sightings}
      UNION ALL SELECT creator, at_ms FROM current_community
      UNION ALL SELECT subject, at_ms FROM canonical WHERE type IN (${SIGHTING_TYPES}))
    WHERE true ${only('principal', 'touched_user')} GROUP BY principal`,
];

/** Of the facts of a type, for each key the one that comes first in `order`. Only keys of several facts are sorted. */
function preferred(type: string, key: string, order: string, condition: string, columns: string): string {
  const needed = columns === '*' ? '*' : [...new Set([...columns.split(', '), ...POSITION.split(', ')])].join(', ');
  return `SELECT ${columns} FROM (
    WITH candidate AS MATERIALIZED (SELECT ${needed} FROM canonical WHERE type = '${type}' ${condition}),
    contested AS (SELECT ${key} FROM candidate GROUP BY ${key} HAVING count(*) > 1)
    SELECT * FROM candidate ANTI JOIN contested USING (${key})
    UNION ALL SELECT * FROM candidate SEMI JOIN contested USING (${key})
    QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${order}) = 1)`;
}
