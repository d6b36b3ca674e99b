import fc from 'fast-check';
import { compareFacts, type FactOrder } from '../events/fact.js';
import { copiesOf, DumpReader, DumpWriter, type Part } from './columns/dump.js';
import { KeptFacts } from './keptFacts.js';

const dumpOf = (facts: KeptFacts<string>): Part[] => {
  const writer = new DumpWriter(1);
  facts.save(writer);
  return writer.finish();
};
function loaded(parts: readonly Part[]): KeptFacts<string> {
  const facts = new KeptFacts<string>();
  const reader = new DumpReader(copiesOf(parts), 1);
  facts.restore(reader);
  reader.end();
  return facts;
}
const atHeight = (height: number): FactOrder => ({
  id: `fact ${height}`,
  atMs: 0,
  chain: { height, txIndex: 0, ordinal: 0 },
});

describe('facts that are kept one by one', () => {
  // Few heights, and times that disagree with them, so that places tie down to the id.
  const atMs = fc.nat(1);
  const chain = fc.record({ height: fc.nat(2), txIndex: fc.nat(1), ordinal: fc.constant(0) });
  const order = fc.oneof(fc.record({ atMs }), fc.record({ atMs, chain }));
  const orders = fc
    .array(order, { minLength: 1, maxLength: 12 })
    .map((some) => some.map((each, index): FactOrder => ({ id: String((index * 5) % 13), ...each })));
  const steps = orders.chain((some) =>
    fc.tuple(
      fc.constant(some),
      fc.array(fc.record({ key: fc.nat(1), which: fc.nat(some.length - 1), leaves: fc.boolean() }), { maxLength: 60 }),
    ),
  );

  it('know the first and the latest of each key, in whatever order they come and go, also after a reload', () => {
    fc.assert(
      fc.property(steps, ([some, changes]) => {
        const facts = new KeptFacts<string>();
        const present = [new Set<FactOrder>(), new Set<FactOrder>()];
        for (const { key, which, leaves } of changes) {
          const fact = some[which]!;
          const of = present[key]!;
          // A fact has one key.
          if (present[1 - key]!.has(fact) || of.has(fact) !== leaves) continue;
          facts.apply(key, fact, `of ${fact.id}`, leaves ? -1 : 1);
          if (leaves) of.delete(fact);
          else of.add(fact);
          for (const either of [facts, loaded(dumpOf(facts))]) {
            const sorted = [...of].sort(compareFacts).map(({ id }) => id);
            expect([either.first(key)?.order.id, either.latest(key)?.order.id]).toEqual([sorted[0], sorted.at(-1)]);
            expect(either.latest(key)?.value).toBe(sorted.length === 0 ? undefined : `of ${sorted.at(-1)}`);
            expect([either.has(key), either.size]).toEqual([
              of.size > 0,
              present.filter(({ size }) => size > 0).length,
            ]);
          }
        }
      }),
    );
  });

  it('are dumped in slices that stay what they were while facts come and go, and none of them is in the head', () => {
    const facts = new KeptFacts<string>();
    for (let height = 1; height <= 6_000; height++) facts.apply(height % 2, atHeight(height), `of ${height}`, 1);
    const parts = dumpOf(facts);
    for (let height = 1; height <= 5_990; height++) facts.apply(height % 2, atHeight(height), `of ${height}`, -1);
    facts.apply(0, atHeight(7_000), 'later', 1);
    facts.apply(2, atHeight(7_001), 'of another key', 1);

    expect(parts).toHaveLength(1 + 12);
    expect(parts[0]?.take().length).toBeLessThan(100);
    const then = loaded(parts);
    expect([0, 1, 2].map((key) => [then.first(key)?.value, then.latest(key)?.value])).toEqual([
      ['of 2', 'of 6000'],
      ['of 1', 'of 5999'],
      [undefined, undefined],
    ]);
    // All of them, and in their order.
    for (let height = 1; height <= 5_990; height++) then.apply(height % 2, atHeight(height), `of ${height}`, -1);
    expect([0, 1].map((key) => then.first(key)?.value)).toEqual(['of 5992', 'of 5991']);
    expect([0, 1, 2].map((key) => [facts.first(key)?.value, facts.latest(key)?.value])).toEqual([
      ['of 5992', 'later'],
      ['of 5991', 'of 5999'],
      ['of another key', 'of another key'],
    ]);
  });
});
