import fc, { type Arbitrary } from 'fast-check';
import { Packr } from 'msgpackr';
import { FACT_TYPES, type Fact, type FactType } from '../events/fact.js';
import { LOG_FORMAT, decodeCommit, encodeCommit, skimCommit, storedCommit } from './codec.js';
import { LogFormatError } from './fieldReader.js';
import type { LogEntry } from './log.js';
import { outlineOf } from './outline.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const hash = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.constantFrom('0xA1', 'a block', ''),
);
const principal = fc.oneof(text, fc.constantFrom('ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM', 'ST3.badge-issuer'));
const decimal = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(String),
  fc.nat().map(String),
  fc.constantFrom('0', '007', '9007199254740993', '-1', '1e3', 'six'),
);
const id = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  text,
);
const whole = fc.oneof(fc.nat(), fc.maxSafeInteger());
const flag = fc.boolean();

/** Objects with an ordinary prototype, as decoded ones have. */
const record = <T, K extends keyof T>(fields: { [P in keyof T]: Arbitrary<T[P]> }, requiredKeys: K[]) =>
  fc.record(fields, { requiredKeys, noNullPrototype: true });
const all = <T>(fields: { [P in keyof T]: Arbitrary<T[P]> }) => fc.record(fields, { noNullPrototype: true });

/** A model of the props of every type; `satisfies` keeps it in step with the union. */
const props = {
  badge_issued: record(
    {
      badgeId: decimal,
      templateId: decimal,
      recipient: principal,
      issuer: principal,
      level: whole,
      category: text,
      batchId: decimal,
      communityId: decimal,
    },
    ['badgeId', 'templateId', 'recipient', 'issuer'],
  ),
  badge_revoked: all({ badgeId: decimal, issuer: principal, revokedBy: principal }),
  badge_updated: all({
    badgeId: decimal,
    oldLevel: whole,
    newLevel: whole,
    oldCategory: text,
    newCategory: text,
    updatedBy: principal,
  }),
  template_created: all({
    templateId: decimal,
    name: text,
    description: text,
    category: text,
    defaultLevel: whole,
    creator: principal,
  }),
  community_created: all({ communityId: decimal, name: text, description: text, owner: principal }),
  community_updated: all({
    communityId: decimal,
    publicBadges: flag,
    allowMemberRequests: flag,
    requireApproval: flag,
    updatedBy: principal,
  }),
  community_deactivated: all({ communityId: decimal, deactivatedBy: principal }),
  community_transferred: all({ communityId: decimal, oldOwner: principal, newOwner: principal }),
  member_added: all({ communityId: decimal, member: principal, role: text, addedBy: principal }),
  user_joined: all({ user: principal }),
  issuer_authorized: all({ issuer: principal, authorizedBy: principal }),
  issuer_revoked: all({ issuer: principal, revokedBy: principal }),
  user_suspended: all({ user: principal, suspendedBy: principal }),
  user_unsuspended: all({ user: principal, unsuspendedBy: principal }),
  permissions_updated: record(
    {
      user: principal,
      updatedBy: principal,
      communityId: decimal,
      role: text,
      permissions: fc.dictionary(text, flag, { noNullPrototype: true }),
    },
    ['user', 'updatedBy', 'permissions'],
  ),
} satisfies { [T in FactType]: Arbitrary<Extract<Fact, { type: T }>['props']> };

const chain = all({ height: whole, blockHash: hash, txId: hash, txIndex: fc.nat(), ordinal: fc.nat() });

function factEntry(type: FactType): Arbitrary<LogEntry> {
  return record({ id, atMs: whole, actor: principal, props: props[type], chain }, ['id', 'atMs', 'actor', 'props']).map(
    (fields) => ({ kind: 'fact', fact: { ...fields, type } as Fact }),
  );
}

const block: Arbitrary<LogEntry> = record(
  { hash, height: whole, parent: hash, atMs: whole, canonical: flag, unproven: flag, reason: text },
  ['hash', 'height', 'parent', 'atMs', 'canonical', 'reason'],
).map((fields) => ({ kind: 'block', ...fields }));
const term: Arbitrary<LogEntry> = all({ term: whole, writer: text, atMs: whole }).map((fields) => ({
  kind: 'term',
  ...fields,
}));

const roundTrip = (entries: readonly LogEntry[]): void =>
  expect(decodeCommit(7, encodeCommit(3, entries))).toStrictEqual({ seq: 7, term: 3, entries });

describe('the packing of commits', () => {
  test.each(FACT_TYPES)('a %s comes back as it was', (type) => {
    fc.assert(fc.property(factEntry(type), (entry) => roundTrip([entry])));
  });

  test('commits of mixed entries come back as they were', () => {
    const entry = fc.oneof(block, term, ...FACT_TYPES.map(factEntry));
    fc.assert(fc.property(fc.array(entry, { maxLength: 40 }), roundTrip));
  });

  test('numbers and texts of every size that msgpack writes in a way of its own come back as they were', () => {
    const numbers = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 0.5];
    const negative = [1, 32, 33, 128, 129, 32_768, 32_769, 2 ** 31, 2 ** 31 + 1].map((n) => -n);
    const texts = [0, 31, 32, 255, 256, 65_535, 65_536, 200_000].flatMap((length) =>
      ['x', 'é', '€', '😀', '\ufeff'].map((letter) => letter.repeat(length)),
    );
    const entries = [
      ...[...numbers, ...negative].map((atMs): LogEntry => ({ kind: 'term', term: 1, writer: 'a', atMs })),
      ...texts.map((writer): LogEntry => ({ kind: 'term', term: 1, writer, atMs: 1 })),
    ];
    expect(decodeCommit(7, encodeCommit(3, entries))).toStrictEqual({ seq: 7, term: 3, entries });
  });

  test('commits of more than 65,535 cells and shared texts come back as they were', () => {
    const entries = Array.from({ length: 70_000 }, (_, n): LogEntry => ({
      kind: 'fact',
      fact: { id: 'id', type: 'user_joined', atMs: n, actor: `user ${n}`, props: { user: `user ${n}` } },
    }));
    expect(decodeCommit(7, encodeCommit(3, entries)).entries).toStrictEqual(entries);
  });

  test('fifty badges of one block take less than 130 bytes each', () => {
    const blockHash = `0x${'ab'.repeat(32)}`;
    const entries = Array.from({ length: 50 }, (_, n): LogEntry => ({
      kind: 'fact',
      fact: {
        id: Buffer.alloc(16, n).toString('base64url'),
        type: 'badge_issued',
        atMs: 1_760_000_000_000 + n,
        actor: 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM',
        props: {
          badgeId: String(1_000_000 + n),
          templateId: '12',
          recipient: `ST2CY5V39NHDPWSXMW9QDT3HC3GD6Q6XX4CFRK${n}`,
          issuer: 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM',
          level: 2,
          category: 'skill',
        },
        chain: { height: 170_000, blockHash, txId: `0x${Buffer.alloc(32, n).toString('hex')}`, txIndex: n, ordinal: 0 },
      },
    }));
    expect(encodeCommit(0, entries).length / 50).toBeLessThan(130);
  });

  test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32])(
    'of a stored commit, term %i, term and number are known before it is unpacked',
    (term) => {
      for (const size of [1, 127, 128, 300]) {
        const entries = fc.sample(factEntry('user_joined'), size);
        const record = encodeCommit(term, entries);
        const { count, ...commit } = storedCommit(7, record);
        expect({ count: count ?? size, ...commit }).toEqual({ count: size, seq: 7, term, record, entries });
      }
    },
  );

  test('a stored commit with a damaged head is refused at once, one with a damaged body when it is asked for', () => {
    expect(() => storedCommit(1, Buffer.from([0xc0]))).toThrow('it is no list');
    expect(() => storedCommit(1, Buffer.from([0x95, 1]))).toThrow(LogFormatError);
    const record = encodeCommit(3, fc.sample(factEntry('community_created'), 3));
    const cut = storedCommit(1, record.subarray(0, record.length - 3));
    expect([cut.term, cut.count]).toEqual([3, 3]);
    expect(() => cut.entries).toThrow(LogFormatError);
  });

  test.each(FACT_TYPES)('of a stored commit with a %s, the outline is that of its entries', (type) => {
    const entry = fc.oneof(factEntry(type), block, term);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const commit = { seq: 7, term: 3, entries };
        const record = encodeCommit(3, entries);
        expect(skimCommit(storedCommit(7, record))).toStrictEqual(outlineOf(commit));
        expect(skimCommit(commit)).toStrictEqual(outlineOf(commit));
        const cut = { ...commit, record: record.subarray(0, -1) };
        expect(() => skimCommit(cut)).toThrow(LogFormatError);
      }),
    );
  });

  test('an outline tells the blocks, those of the facts, and the name of the last entry', () => {
    const at = (blockHash: string): LogEntry => {
      const chain = { height: 1, blockHash, txId: '0xt', txIndex: 0, ordinal: 0 };
      return {
        kind: 'fact',
        fact: { id: blockHash, type: 'user_joined', atMs: 1, actor: 'a', props: { user: 'a' }, chain },
      };
    };
    const known = {
      kind: 'block',
      hash: '0xa',
      height: 1,
      parent: '0x0',
      atMs: 1,
      canonical: true,
      reason: '',
    } as const;
    const app: LogEntry = {
      kind: 'fact',
      fact: { id: 'x', type: 'user_joined', atMs: 1, actor: 'a', props: { user: 'a' } },
    };
    const record = encodeCommit(0, [known, at('0xa'), app, at('0xb'), at('0xa')]);
    expect(skimCommit(storedCommit(7, record))).toEqual({
      seq: 7,
      count: 5,
      blocks: [known],
      factBlocks: new Set(['0xa', '0xb']),
      lastEntry: 'fact 0xa',
    });
  });

  test('a record of a newer format is refused with what to do', () => {
    const newer = new Packr({ useRecords: false }).pack([LOG_FORMAT + 1, 0, 0, [], []]);
    expect(() => decodeCommit(12, newer)).toThrow(
      new LogFormatError(
        'log record 12 cannot be read: its format is 2, this version reads up to 1: update the service',
      ),
    );
  });

  test('an entry that this version does not know is refused', () => {
    const unknown = new Packr({ useRecords: false }).pack([LOG_FORMAT, 0, 1, [], [99]]);
    expect(() => decodeCommit(12, unknown)).toThrow('entry code 99 is unknown to this version');
  });

  test('a record that ends too early, or goes on, is refused wherever that is', () => {
    const entry = fc.oneof(block, term, ...FACT_TYPES.map(factEntry));
    const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), part, (entries, kept) => {
        const record = encodeCommit(0, entries);
        expect(() => decodeCommit(1, record.subarray(0, kept * record.length))).toThrow(LogFormatError);
        expect(() => decodeCommit(1, Buffer.concat([record, Buffer.of(0)]))).toThrow(
          'something follows its last entry',
        );
      }),
    );
  });

  test('a record with a cut or changed body is refused, not half read', () => {
    const record = encodeCommit(0, fc.sample(factEntry('community_created'), 3));
    expect(() => decodeCommit(1, record.subarray(0, record.length - 3))).toThrow(LogFormatError);
    expect(() => decodeCommit(1, Buffer.from([0xc0]))).toThrow('it is no list');
    const swapped = new Packr({ useRecords: false }).pack([LOG_FORMAT, 0, 1, [], [16, 17, 'x']]);
    expect(() => decodeCommit(1, swapped)).toThrow('cell 1 is number where an id belongs');
    const unshared = new Packr({ useRecords: false }).pack([LOG_FORMAT, 0, 1, [], [25, 'id', 5, 0]]);
    expect(() => decodeCommit(1, unshared)).toThrow('cell 3 is 0, which the table does not have');
  });
});
