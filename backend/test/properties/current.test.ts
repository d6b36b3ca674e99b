import { join } from 'node:path';
import fc from 'fast-check';
import { Current } from '../../src/warehouse/current.js';
import { Warehouse } from '../../src/warehouse/duckdb.js';
import { nows } from '../generators/instants.js';
import { logsAround } from '../generators/logs.js';
import { contentsOf } from '../support/currentContents.js';
import { inDirectory, silent, withStore } from './store.js';

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(240_000);

/** Whole, or cut off somewhere: what is wrong at a moment may be right again later. */
const logs = fc
  .tuple(nows.chain(logsAround), fc.nat(30))
  .map(([commits, length]) => (length === 0 ? commits : commits.slice(0, length)));

describe('the tables of what counts now', () => {
  it('hold the same brought up commit by commit as derived at once from any log, wherever it ends', async () => {
    await fc.assert(
      fc.asyncProperty(logs, (commits) =>
        withStore(({ log }) =>
          inDirectory(async (dir) => {
            const path = join(dir, 'warehouse.duckdb');
            const warehouse = await Warehouse.open({ path, memoryLimitMb: 128, logger: silent });
            const current = new Current(warehouse, log);
            try {
              for (const entries of commits) {
                await log.append(entries);
                await current.bringTo(log.head);
              }
              const inSteps = await contentsOf(current, log.head);
              await warehouse.rebuild(log);
              expect(await contentsOf(current, log.head)).toBe(inSteps);
            } finally {
              await warehouse.close();
            }
          }),
        ),
      ),
      // Making a failure smaller would take as long again for every try.
      { numRuns: 30, endOnFailure: true },
    );
  });
});
