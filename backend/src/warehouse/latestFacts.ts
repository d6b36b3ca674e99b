import type { FactType } from '../events/fact.js';
import { placeholders, queryRows } from './query.js';
import type { Connection, ReadModel } from './readModel.js';

/** Event time of the latest canonical fact of these types, in ms since the epoch; null when there is none. */
export const latestFactMs = (warehouse: ReadModel, types: readonly FactType[]): Promise<number | null> =>
  warehouse.use(async (connection) => {
    const [row] = await queryRows<{ at: number | null }>(
      connection,
      `SELECT max(at_ms) AS at FROM fact WHERE type IN (${placeholders(types)}) AND (block_hash IS NULL OR block_hash IN
        (SELECT hash FROM block GROUP BY hash HAVING arg_max(canonical, seq)))`,
      [...types],
    );
    return row?.at ?? null;
  });

/** When the newest user was first seen, in ms since the epoch, from the current tables; null when there is none. */
export async function latestUserMs(connection: Connection): Promise<number | null> {
  const [row] = await queryRows<{ at: number | null }>(connection, 'SELECT max(at_ms) AS at FROM current_user');
  return row?.at ?? null;
}
