import fc from 'fast-check';
import { idOf } from '../../test/support/madeFacts.js';
import { compareFacts, type FactOrder } from '../events/fact.js';
import { copiesOf, DumpReader, DumpWriter } from './columns/dump.js';
import { Rows } from './columns/rows.js';
import { Stamps } from './stamps.js';

const ids = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  // 22 characters that are not what 16 bytes encode to, and anything else.
  fc.constantFrom(`${idOf('x').slice(0, 21)}B`, `${idOf('x').slice(0, 21)}=`, `é${idOf('x').slice(1)}`, '', 'fact-1'),
  fc.string(),
);
const place = fc.oneof(fc.nat(3), fc.constantFrom(0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 2 ** 40));
const times = fc.oneof(
  fc.nat(2_000_000_000).map((seconds) => seconds * 1000),
  fc.constantFrom(-1, 1, 0xffff_ffff * 1000, 0x1_0000_0000 * 1000, 1_700_000_000_123),
);
const stamped: fc.Arbitrary<FactOrder> = fc.oneof(
  fc.record({ id: ids, atMs: times, chain: fc.record({ height: place, txIndex: place, ordinal: place }) }),
  fc.record({ id: ids, atMs: times }),
);

describe('stamps', () => {
  it('hold identity, time and order of any fact exactly, also after a reload', () => {
    fc.assert(
      fc.property(fc.uniqueArray(stamped, { selector: ({ id }) => id, minLength: 2 }), (facts) => {
        const rows = new Rows(8);
        const stamps = new Stamps(rows, 1);
        const numbers = facts.map((fact) => {
          const row = rows.add();
          stamps.write(row, fact);
          return row;
        });
        const writer = new DumpWriter(1);
        stamps.save(writer);
        const reloaded = new Stamps(rows, 1);
        reloaded.restore(new DumpReader(copiesOf(writer.finish()), 1));
        facts.forEach((fact, index) => {
          const row = numbers[index]!;
          const other = facts[index === 0 ? 1 : 0]!;
          for (const either of [stamps, reloaded]) {
            const read = either.read(row);
            expect([read.id, read.atMs, either.atMs(row)]).toEqual([fact.id, fact.atMs, fact.atMs]);
            expect([compareFacts(read, fact), compareFacts(fact, read)]).toEqual([0, 0]);
            expect([either.isOf(row, fact.id), either.isOf(row, other.id)]).toEqual([true, false]);
          }
        });
      }),
    );
  });

  it('are written over an erased one as if it had never been', () => {
    const stamps = new Stamps(new Rows(7), 0);
    stamps.write(1, { id: 'of another form', atMs: 1 });
    stamps.erase(1);
    stamps.write(1, { id: idOf('regular'), atMs: 5_000 });
    expect([stamps.isOf(1, 'of another form'), stamps.isOf(1, idOf('regular')), stamps.atMs(1)]).toEqual([
      false,
      true,
      5_000,
    ]);
  });
});
