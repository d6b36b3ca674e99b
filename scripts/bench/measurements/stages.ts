import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexToCV } from '@stacks/transactions';
import type * as AggregatorModule from '../../../backend/src/analyzers/aggregator.js';
import type * as DeriveModule from '../../../backend/src/batch/derive.js';
import type * as BlocksModule from '../../../backend/src/chain/blocks.js';
import type * as ContractsModule from '../../../backend/src/chain/contracts.js';
import type * as DecodeModule from '../../../backend/src/chain/decode.js';
import type * as PayloadModule from '../../../backend/src/chain/payload.js';
import type { Fact } from '../../../backend/src/events/fact.js';
import type * as CodecModule from '../../../backend/src/log/codec.js';
import type { EventLog, LogEntry } from '../../../backend/src/log/log.js';
import type * as DuckdbModule from '../../../backend/src/warehouse/duckdb.js';
import { warnings } from '../../../backend/test/support/warnings.js';
import { DEPLOYER } from '../../chain/accounts.js';
import type { Row } from '../arithmetic.js';
import { built } from '../built.js';
import { SEED } from '../makeLog.js';
import type { Measurement } from '../measurement.js';
import { withLog } from '../openLog.js';
import { BenchChain, payloadText, PRINTS_PER_BLOCK } from '../workload/chain.js';
import { FACTS_PER_PRINT } from '../workload/prints.js';

const WARM_UP_SHARE = 0.3;
/** Payloads that share a commit where the log is written; as many as in a busy group commit. */
const PAYLOADS_A_COMMIT = 8;

/**
 * What each stage costs of processor time for a print of the mix (of nearly two facts), one after the other in one
 * process: where the time of an event goes. Processor time of all threads, so that a busy machine moves it less.
 */
export const stages: Measurement = {
  name: 'stages',
  what: 'processor time of each stage for a print, beside hexToCV of the same prints',
  async run({ quick }) {
    const payloads = quick ? 150 : 2_000;
    const { parsePayload } = await built<typeof PayloadModule>('chain/payload.js');
    const { decodeBlock } = await built<typeof DecodeModule>('chain/decode.js');
    const { contractsOf } = await built<typeof ContractsModule>('chain/contracts.js');
    const { encodeCommit, decodeCommit } = await built<typeof CodecModule>('log/codec.js');
    const chain = new BenchChain(SEED, payloads * PRINTS_PER_BLOCK * FACTS_PER_PRINT, Date.now());
    const texts = Array.from({ length: payloads }, () => payloadText(chain.next()));
    const ours = contractsOf(DEPLOYER);

    // Before what the stages are given is made: a collector that has all of it to look through costs the rival time.
    const rival = of(
      texts.map((text) => hexesOf(parsePayload(JSON.parse(text)))),
      (each) => each.map((hex) => hexToCV(hex)),
    );
    const parsed = texts.map((text) => JSON.parse(text) as unknown);
    const understood = parsed.map((body) => blocksOf(parsePayload(body)));
    const facts = understood.map((blocks) => blocks.flatMap((block) => decodeBlock(block, ours).facts));
    const groups = grouped(facts);
    const records = groups.map((entries) => encodeCommit(0, entries));

    const packing = of(groups, (entries) => encodeCommit(0, entries));
    const costs = {
      'JSON.parse': of(texts, (text) => JSON.parse(text)),
      'payload to prints': of(parsed, (body) => parsePayload(body)),
      'prints to facts': of(understood, (blocks) => blocks.map((block) => decodeBlock(block, ours))),
      'packing for the log': packing,
      // Which packs as well.
      'append and flush': Math.max(0, (await warmed(groups, appendCost)) - packing),
      'reading the log': of(records, (record) => decodeCommit(1, record)),
      folding: await warmed(groups, foldCost),
      'read model': await warmed(groups, warehouseCost),
    };
    const perPrint = payloads * PRINTS_PER_BLOCK;
    return Object.entries(costs).map(([stage, us]): Row => ({
      id: `${STAGE}${stage.replaceAll(' ', '-')}`,
      what: `stage: ${stage}`,
      value: us / perPrint,
      unit: 'µs a print',
      beside: { what: 'hexToCV', value: rival / perPrint },
      aim: { atMost: 1 },
    }));
  },
};

/** Ids of the rows that `figure.ts` draws begin so. */
export const STAGE = 'stage.';

const blocksOf = (payload: ReturnType<typeof PayloadModule.parsePayload>) => (payload.understood ? payload.apply : []);

const hexesOf = (payload: ReturnType<typeof PayloadModule.parsePayload>): string[] =>
  blocksOf(payload)
    .flatMap(({ transactions }) => transactions)
    .flatMap((transaction) => ('prints' in transaction ? transaction.prints : []))
    .flatMap((print) => (print.kind === 'hex' ? [print.hex] : []));

function grouped(facts: readonly (readonly Fact[])[]): LogEntry[][] {
  const groups: LogEntry[][] = [];
  for (let at = 0; at < facts.length; at += PAYLOADS_A_COMMIT)
    groups.push(
      facts.slice(at, at + PAYLOADS_A_COMMIT).flatMap((each) => each.map((fact) => ({ kind: 'fact', fact }))),
    );
  return groups;
}

const processorUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Of all of them, in µs, once V8 has compiled what runs often. */
function of<T>(items: readonly T[], work: (item: T) => unknown): number {
  for (const item of items.slice(0, items.length * WARM_UP_SHARE)) work(item);
  const before = processorUs();
  for (const item of items) work(item);
  return processorUs() - before;
}

/** `cost` of all groups, after that of some of them, which is thrown away: as `of`, for what goes into a store of its own. */
async function warmed(
  groups: readonly LogEntry[][],
  cost: (groups: readonly LogEntry[][]) => Promise<number>,
): Promise<number> {
  await cost(groups.slice(0, Math.ceil(groups.length * WARM_UP_SHARE)));
  return cost(groups);
}

function appendCost(groups: readonly LogEntry[][]): Promise<number> {
  return inLog(async (log) => {
    const before = processorUs();
    for (const entries of groups) await log.append(entries);
    return processorUs() - before;
  });
}

/** What the folds see: facts of no block count as they are. */
async function foldCost(groups: readonly LogEntry[][]): Promise<number> {
  const { Aggregator } = await built<typeof AggregatorModule>('analyzers/aggregator.js');
  const { derive } = await built<typeof DeriveModule>('batch/derive.js');
  const { BlockIndex } = await built<typeof BlocksModule>('chain/blocks.js');
  const folds = new Aggregator();
  const blocks = new BlockIndex();
  const appOnly = groups.map((entries) =>
    entries.map((entry): LogEntry => {
      if (entry.kind !== 'fact') return entry;
      const { id, type, atMs, actor, props } = entry.fact;
      return { kind: 'fact', fact: { id, type, atMs, actor, props } as Fact };
    }),
  );
  return inLog(async (log) => {
    const before = processorUs();
    let seq = 1;
    for (const entries of appOnly) {
      const { changes } = await derive({ seq, term: 0, entries }, blocks, log);
      for (const change of changes) folds.apply([change]);
      seq += entries.length;
    }
    return processorUs() - before;
  });
}

async function warehouseCost(groups: readonly LogEntry[][]): Promise<number> {
  const { Warehouse } = await built<typeof DuckdbModule>('warehouse/duckdb.js');
  return inLog(async (log, dir) => {
    for (const entries of groups) await log.append(entries);
    const warehouse = await Warehouse.open({
      path: join(dir, 'warehouse.duckdb'),
      memoryLimitMb: 384,
      logger: warnings,
    });
    const before = processorUs();
    await warehouse.catchUp(log);
    const us = processorUs() - before;
    await warehouse.close();
    return us;
  });
}

async function inLog<T>(work: (log: EventLog, dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-stages-'));
  try {
    return await withLog(join(dir, 'log'), (log) => work(log, dir));
  } finally {
    await rm(dir, { recursive: true });
  }
}
