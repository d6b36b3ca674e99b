import type * as IntakeModule from '../../backend/src/chain/intake.js';
import type * as LmdbModule from '../../backend/src/log/lmdb.js';
import { warnings } from '../../backend/test/support/warnings.js';
import { DEPLOYER } from '../chain/accounts.js';
import { built } from './built.js';
import { BenchChain, payloadText } from './workload/chain.js';

/** The same history on every machine and in every run, but for its dates. */
export const SEED = 20_260_201;

/** So many facts over so many months. */
export interface Span {
  readonly events: number;
  readonly months: number;
}

/** Deliveries under way at a time. */
const UNDER_WAY = 32;

/**
 * Makes the log of a history in `dir`, where there is none, by the service's own intake without HTTP.
 * @returns its chain, which stands where the log ends.
 */
export async function makeLog(dir: string, { events, months }: Span, nowMs: number): Promise<BenchChain> {
  const { openLmdb } = await built<typeof LmdbModule>('log/lmdb.js');
  const { Intake } = await built<typeof IntakeModule>('chain/intake.js');
  const store = await openLmdb(dir, { logger: warnings });
  const quarantine = {
    addAll: () => Promise.reject(new Error('the workload holds what the service does not understand')),
  };
  const intake = await Intake.open({
    log: store.log,
    quarantine,
    deployer: DEPLOYER,
    clock: Date.now,
    logger: warnings,
  });
  const chain = new BenchChain(SEED, events, nowMs, { months });
  const work = async (): Promise<void> => {
    while (chain.facts < events) await intake.deliver(JSON.parse(payloadText(chain.next())));
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, work));
  await store.close();
  return chain;
}
