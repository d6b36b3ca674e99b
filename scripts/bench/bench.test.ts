import { createHash } from 'node:crypto';
import { cvToJSON, hexToCV } from '@stacks/transactions';
import { decodeBlock } from '../../backend/src/chain/decode.js';
import { contractsOf } from '../../backend/src/chain/contracts.js';
import { parsePayload } from '../../backend/src/chain/payload.js';
import { DEPLOYER } from '../chain/accounts.js';
import { isMet, percentile, ratioOf, upperEnd, type Row } from './arithmetic.js';
import { BenchChain, payloadText, PRINTS_PER_BLOCK, SHAPE_VERSION, type BenchBlock } from './workload/chain.js';
import { FACTS_PER_PRINT, MIX, SHAPE } from './workload/prints.js';

const NOW = Date.UTC(2026, 1, 1);
const BLOCKS = 200;
/** Of these: the founding and some of the mix. */
const DECODED = 60;
const EVENTS = BLOCKS * PRINTS_PER_BLOCK * FACTS_PER_PRINT;

describe('the workload', () => {
  const chain = new BenchChain(1, EVENTS, NOW);
  const blocks = Array.from({ length: BLOCKS }, () => chain.next());
  const foundingPrints = SHAPE.issuers + SHAPE.communities + SHAPE.templates;
  const mixed = blocks.flatMap(({ prints }) => prints).slice(foundingPrints);
  const share = (event: string): number => (100 * mixed.filter((print) => print.event === event).length) / mixed.length;

  /** Every fact of the blocks, as the service decodes them; nothing may be set aside. */
  const factsOf = (list: readonly BenchBlock[]) =>
    list.flatMap((block) => {
      const payload = parsePayload(JSON.parse(payloadText(block)));
      if (!payload.understood) throw new Error(payload.reason);
      return payload.apply.flatMap((applied) => {
        const { facts, ignored, setAside } = decodeBlock(applied, contractsOf(DEPLOYER));
        expect({ ignored, setAside }).toEqual({ ignored: 0, setAside: [] });
        return facts;
      });
    });

  test('has the mix of prints that the issue fixes', () => {
    const { others, ...named } = MIX;
    const shares = Object.fromEntries(Object.keys(named).map((event) => [event, share(event)]));
    for (const [event, percent] of Object.entries(named))
      expect(Math.abs((shares[event] ?? 0) - percent)).toBeLessThan(1);
    const rest = 100 - Object.values(shares).reduce((sum, percent) => sum + percent, 0);
    expect(Math.abs(rest - others)).toBeLessThan(1);
  });

  test('is understood as a whole, with its issuers, templates and communities, in 24 months', () => {
    const decoded = blocks.slice(0, DECODED);
    const facts = factsOf(decoded);
    expect(facts).toHaveLength(decoded.flatMap(({ prints }) => prints).reduce((sum, print) => sum + print.facts, 0));
    const count = (type: string): number => facts.filter((fact) => fact.type === type).length;
    expect([count('issuer_authorized'), count('template_created'), count('community_created')]).toEqual([
      50, 2_000, 500,
    ]);
    const issuers = new Set(facts.flatMap((fact) => (fact.type === 'badge_issued' ? [fact.props.issuer] : [])));
    expect(issuers.size).toBe(SHAPE.issuers);
    expect(
      Math.abs((facts.length - foundingPrints) / (DECODED * PRINTS_PER_BLOCK - foundingPrints) / FACTS_PER_PRINT - 1),
    ).toBeLessThan(0.1);
    const spanSec = (blocks.at(-1)?.timeSec ?? 0) - (blocks[0]?.timeSec ?? 0);
    const months = spanSec / (30.4 * 86_400);
    expect(Math.round(months)).toBe(SHAPE.months);
  });

  test('every print reads the same with the library of Stacks', () => {
    const kinds = new Map(mixed.map((print) => [print.event, print]));
    expect(kinds.size).toBe(9);
    for (const [event, { hex }] of kinds) {
      const { value } = cvToJSON(hexToCV(hex)) as { value: Record<string, { value: unknown }> };
      expect(value['event']?.value).toBe(event);
    }
    const batch = cvToJSON(hexToCV(kinds.get('batch-badges-minted')?.hex ?? '')) as {
      value: Record<string, { value: unknown[] }>;
    };
    expect(batch.value['recipients']?.value).toHaveLength(SHAPE.batch);
  });

  test('payloads of 100 prints have some 700 bytes an event', () => {
    const texts = blocks.slice(100).map(payloadText);
    const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length / PRINTS_PER_BLOCK;
    expect(bytes).toBeGreaterThan(600);
    expect(bytes).toBeLessThan(1_000);
  });

  test('the same seed gives the same payloads, another seed others', () => {
    const first = (seed: number): string[] => {
      const again = new BenchChain(seed, EVENTS, NOW);
      return Array.from({ length: 30 }, () => payloadText(again.next()));
    };
    expect(first(1)).toEqual(blocks.slice(0, 30).map(payloadText));
    expect(first(2)).not.toEqual(first(1));
  });
});

describe('a chain that has come to the present', () => {
  test('goes on at the time of the clock, and never back', () => {
    const chain = new BenchChain(1, 1_000, NOW);
    while (chain.facts < 1_000) chain.next();
    let now = NOW + 3_600_000;
    chain.live(() => now);
    const times = [0, 1_500, -5_000, 9_000].map((step) => {
      now += step;
      return chain.next(1).timeSec - NOW / 1_000;
    });
    expect(times).toEqual([3_600, 3_601, 3_601, 3_605]);
  });

  test('founds everything first when it is asked to, and then has the mix alone', () => {
    const chain = new BenchChain(1, 1_000, NOW);
    const founded = chain.foundingBlocks();
    expect(founded).toHaveLength(Math.ceil((SHAPE.issuers + SHAPE.communities + SHAPE.templates) / PRINTS_PER_BLOCK));
    expect(chain.foundingBlocks()).toEqual([]);
    const founding = ['issuer-authorized', 'community-created', 'template-created'];
    expect(
      founding.filter((event) => founded.some(({ prints }) => prints.some((print) => print.event === event))),
    ).toEqual(founding);
    expect(chain.next(500).prints.some(({ event }) => founding.includes(event))).toBe(false);
  });

  test('the shape of this version is the one that kept histories were made by', () => {
    const chain = new BenchChain(1, EVENTS, NOW);
    const digest = createHash('sha256');
    for (let block = 0; block < 40; block += 1) digest.update(payloadText(chain.next()));
    // Fails: raise SHAPE_VERSION, and put the new digest here.
    expect({ version: SHAPE_VERSION, digest: digest.digest('hex').slice(0, 16) }).toEqual({
      version: 1,
      digest: '26ec84fb59f333dd',
    });
  });
});

describe('the arithmetic', () => {
  const row = (id: string, value: number, aim: Row['aim']): Row => ({
    id,
    what: id,
    value,
    unit: 'ms',
    beside: { what: 'limit', value: 50 },
    aim,
  });

  test('percentiles are values that were measured, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  test('an aim is met at its limit, and missed beyond', () => {
    expect(ratioOf(row('a', 40, { atLeast: 0.8 }))).toBe(0.8);
    expect([40, 39].map((value) => isMet(row('a', value, { atLeast: 0.8 })))).toEqual([true, false]);
    expect([75, 76].map((value) => isMet(row('a', value, { atMost: 1.5 })))).toEqual([true, false]);
  });

  test('an aim for another size than was measured is not judged, whichever way it would go', () => {
    const at = (measured: number) => ({ ...row('a', 49, { atMost: 1 }), size: { measured, aimed: 1_000_000 } });
    expect([at(1_000_000), at(100_000), { ...at(100_000), value: 51 }].map(isMet)).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  test('a 99th percentile needs 200 values; of fewer the largest is told, and called so', () => {
    expect([1, 199, 200].map((count) => upperEnd(count).name)).toEqual(['max', 'max', 'p99']);
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(percentile(values, upperEnd(200).share)).toBe(198);
    expect(percentile(values.slice(1), upperEnd(199).share)).toBe(200);
  });
});
