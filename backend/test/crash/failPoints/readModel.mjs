import { DuckDBConnection } from '@duckdb/node-api';
import { Warehouse } from '../../../dist/warehouse/duckdb.js';
import { afterwards, at, beforehand, change } from './at.mjs';

/** The fail points of the thread that has the read model to itself. */
beforehand(Warehouse, 'open', 'during start, before the warehouse is open');
afterwards(Warehouse, 'open', 'during start, after the warehouse was opened');

/** What a transaction of the read model is for, by the statement that notes how far it got; others are of no interest. */
const PHASES = {
  'UPDATE meta SET seq': "in the warehouse's catch-up",
  'UPDATE current_meta SET seq': "in the warehouse's derivation",
};
const phases = new WeakMap();
change(
  DuckDBConnection.prototype,
  'run',
  (run) =>
    async function (sql, ...args) {
      const noting = Object.keys(PHASES).find((statement) => sql.startsWith(statement));
      if (noting !== undefined) phases.set(this, PHASES[noting]);
      const phase = sql === 'COMMIT' ? phases.get(this) : undefined;
      if (phase !== undefined) at(`${phase}, before the commit`);
      const result = await run.call(this, sql, ...args);
      if (phase === undefined) return result;
      phases.delete(this);
      at(`${phase}, after the commit`);
      return result;
    },
);
