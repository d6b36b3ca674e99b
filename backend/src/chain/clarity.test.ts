import { Cl, ClarityType, deserializeCV, serializeCV, type ClarityValue as Reference } from '@stacks/transactions';
import fc from 'fast-check';
import { principal } from '../../test/support/payloads.js';
import { ClarityError, decodeClarity, type ClarityValue } from './clarity.js';

/** What the reference decoder says, in our plain form. */
function plain(value: Reference): ClarityValue {
  switch (value.type) {
    case ClarityType.Int:
    case ClarityType.UInt: {
      const integer = BigInt(value.value);
      return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
    }
    case ClarityType.BoolTrue:
      return true;
    case ClarityType.BoolFalse:
      return false;
    case ClarityType.OptionalNone:
      return null;
    case ClarityType.OptionalSome:
      return plain(value.value);
    case ClarityType.ResponseOk:
    case ClarityType.ResponseErr:
      return { result: { success: value.type === ClarityType.ResponseOk, value: plain(value.value) } };
    case ClarityType.List:
      return value.value.map(plain);
    case ClarityType.Tuple:
      return Object.fromEntries(Object.entries(value.value).map(([name, field]) => [name, plain(field)]));
    case ClarityType.Buffer:
      return `0x${value.value}`;
    default:
      return value.value;
  }
}

const REFUSED = Symbol('refused');

/** What our decoder says; anything but a `ClarityError` is a failure. */
function understood(hexText: string): ClarityValue | typeof REFUSED {
  try {
    return decodeClarity(hexText);
  } catch (error) {
    if (error instanceof ClarityError) return REFUSED;
    throw error;
  }
}

const integers = (bits: number, signed: boolean) => {
  const around = [2n ** 32n, 2n ** 53n, 2n ** 64n].flatMap((n) => [n - 1n, n, n + 1n]);
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  return fc.oneof(
    fc.bigInt({ min: signed ? -max - 1n : 0n, max }),
    fc.constantFrom(0n, 1n, max, ...around, ...(signed ? [-1n, -max - 1n, ...around.map((n) => -n)] : [])),
  );
};
/** Hashes with leading zeros are where base 32 goes wrong. */
const addresses = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.nat(20), fc.uint8Array({ minLength: 20, maxLength: 20 }))
  .map(([version, zeros, hash]) => `05${hex([version])}${hex(hash.fill(0, 0, zeros))}`)
  .map((bytes) => deserializeCV(bytes));
const names = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9\-_!?+<>=/*]{0,20}$/);
const hex = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('hex');

const { value: values } = fc.letrec<{ value: Reference }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    integers(128, false).map((n) => Cl.uint(n)),
    integers(128, true).map((n) => Cl.int(n)),
    fc.boolean().map((flag) => Cl.bool(flag)),
    fc.constant(Cl.none()),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Cl.buffer(bytes)),
    fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => Cl.stringAscii(text)),
    // The reference drops a byte order mark; ours keeps what the chain has.
    fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => !text.startsWith('\ufeff'))
      .map((text) => Cl.stringUtf8(text)),
    addresses,
    fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).map((name) => Cl.contractPrincipal(principal('deployer'), name)),
    tie('value').map((value) => Cl.some(value)),
    tie('value').map((value) => Cl.ok(value)),
    tie('value').map((value) => Cl.error(value)),
    fc.array(tie('value'), { maxLength: 5 }).map((list) => Cl.list(list)),
    fc.dictionary(names, tie('value'), { maxKeys: 6, noNullPrototype: true }).map((fields) => Cl.tuple(fields)),
  ),
}));

describe('Clarity bytes', () => {
  it('are read as the Stacks library reads them, for values of every type', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = serializeCV(value);
        expect(decodeClarity(`0x${bytes}`)).toEqual(plain(deserializeCV(bytes)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused when any number of them is missing, or when some follow', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (value, part) => {
        const bytes = serializeCV(value);
        const kept = 2 * Math.floor((part * bytes.length) / 2);
        expect(() => decodeClarity(bytes.slice(0, kept))).toThrow(ClarityError);
        expect(() => decodeClarity(`${bytes}00`)).toThrow('bytes after the value');
      }),
      { numRuns: 500 },
    );
  });

  it('with some of them changed are refused, or mean what the Stacks library says', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(values, changes, (value, list) => {
        const bytes = Buffer.from(serializeCV(value), 'hex');
        for (const [at, byte] of list) bytes[at % bytes.length] = byte;
        const ours = understood(bytes.toString('hex'));
        if (ours === REFUSED) return;
        expect(ours).toEqual(plain(deserializeCV(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read as they are, however much they resemble what was read before', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 8, maxLength: 9 });
    const hashes = fc.tuple(fc.nat(19), fc.nat(1)).map(([at, byte]) => new Uint8Array(20).fill(byte, at, at + 1));
    const similar = fc.oneof(
      letters.map((text) => Cl.stringAscii(text)),
      letters.map((name) => Cl.tuple({ [name]: Cl.none() })),
      fc.tuple(fc.nat(2), hashes).map(([version, hash]) => deserializeCV(`05${hex([version])}${hex(hash)}`)),
    );
    fc.assert(
      fc.property(fc.array(similar, { maxLength: 100 }), (list) => {
        for (const value of [...list, ...list]) {
          const bytes = serializeCV(value);
          expect(decodeClarity(bytes)).toEqual(plain(deserializeCV(bytes)));
        }
      }),
    );
  });

  it('of a text that was read are still no name, if they make none', () => {
    for (const text of ['', '9 lives', '__proto__']) {
      const characters = hex([text.length, ...Buffer.from(text)]);
      expect(decodeClarity(`0d000000${characters}`)).toBe(text);
      expect(() => decodeClarity(`0c00000001${characters}03`)).toThrow(ClarityError);
    }
  });

  it('are read in any length that is allowed, short ones after long ones', () => {
    for (const length of [200_000, 1, 65_531, 65_532, 0]) {
      const text = 'x'.repeat(length);
      expect(decodeClarity(serializeCV(Cl.stringAscii(text)))).toBe(text);
      expect(() => decodeClarity(serializeCV(Cl.stringAscii(text)).slice(0, -2))).toThrow(ClarityError);
    }
  });

  it('of a uint beyond 2^53 keep every digit', () => {
    expect(decodeClarity(serializeCV(Cl.uint(2n ** 53n - 1n)))).toBe(9_007_199_254_740_991);
    expect(decodeClarity(serializeCV(Cl.uint(2n ** 53n + 1n)))).toBe(9_007_199_254_740_993n);
  });

  it.each([
    ['what is not hex', '0x03zz', 'not hex at byte 1'],
    ['half a byte', '0x030', 'not hex at byte 1'],
    ['nothing', '0x', 'bytes end within a type at byte 0'],
    ['an unknown type', '0x2a', 'unknown type 42 at byte 0'],
    ['a string longer than the bytes that follow', '0x0dffffffff6162', 'bytes end within a string at byte 7'],
    ['a list longer than the bytes that follow', '0x0bffffffff03', 'bytes end within a list at byte 6'],
    ['a principal of no known version', `0x05ff${'00'.repeat(20)}`, 'unknown version of a principal at byte 1'],
    [
      'a field called __proto__',
      '0x0c00000001095f5f70726f746f5f5f03',
      "a field's name that begins with no letter at byte 6",
    ],
    ['an ASCII string that is not', '0x0d00000001ff', 'a character that is not ASCII at byte 5'],
    ['a UTF-8 string that is not', '0x0e00000001ff', 'text that is not UTF-8 at byte 5'],
    ['a value nested without end', `0x${'0a'.repeat(5_000)}03`, 'nested deeper than 32 at byte 33'],
  ])('refuse %s and say where', (_what, bytes, message) => {
    expect(() => decodeClarity(bytes)).toThrow(
      new ClarityError(message.replace(/ at byte \d+$/, ''), Number(/\d+$/.exec(message)?.[0])),
    );
  });

  it('never read more than two mebibytes', () => {
    expect(() => decodeClarity('00'.repeat(2 * 1024 * 1024 + 1))).toThrow('more than 2097152 bytes');
  });
});
