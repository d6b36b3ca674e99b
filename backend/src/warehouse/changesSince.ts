import { queryRows } from './query.js';
import type { ReadModel } from './readModel.js';

/** What the log says since a position, as far as past figures can depend on it. */
export interface ChangesSince {
  /** Log position that this answer includes. */
  readonly seq: number;
  /** Event time of the earliest fact of all, canonical or not; null when there is none. */
  readonly firstFactMs: number | null;
  /**
   * Event time of the earliest fact that is new since the position, or whose block was mentioned since: figures as of any
   * moment before it are what they were. Null when there is none.
   */
  readonly touchedMs: number | null;
}

export const changesSince = (warehouse: ReadModel, seq: number): Promise<ChangesSince> =>
  warehouse.use(async (connection) => {
    const [changes] = await queryRows<{ seq: number; firstFactMs: number | null; touchedMs: number | null }>(
      connection,
      `WITH mentioned AS (SELECT DISTINCT height, hash FROM block WHERE seq > $1)
      SELECT seq, (SELECT min(at_ms) FROM fact) AS "firstFactMs", least(
        (SELECT min(at_ms) FROM fact WHERE seq > $1),
        (SELECT min(at_ms) FROM fact JOIN mentioned ON fact.height = mentioned.height AND block_hash = hash WHERE seq <= $1)
      ) AS "touchedMs" FROM meta`,
      [BigInt(seq)],
    );
    if (changes === undefined) throw new Error('the read model has no position');
    return changes;
  });
