import type { Current } from '../../src/warehouse/current.js';
import { queryRows } from '../../src/warehouse/query.js';

const TABLES = ['badge', 'template', 'community', 'member', 'user'].map((name) => `current_${name}`);

/** Every row of every table of what counts as of `seq`, in an order of its own, as text. */
export const contentsOf = (current: Current, seq: number): Promise<string> =>
  current.read(seq, async (connection) => {
    const tables: unknown[] = [];
    for (const name of TABLES) tables.push(await queryRows(connection, `FROM ${name} ORDER BY ALL`));
    return JSON.stringify(tables);
  });
