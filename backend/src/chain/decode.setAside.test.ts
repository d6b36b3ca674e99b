import { Cl } from '@stacks/transactions';
import { decode, decodeBody, minting } from '../../test/support/decoding.js';
import {
  badgeMinted,
  payload,
  payloadText,
  print,
  principal,
  type PrintDescription,
} from '../../test/support/payloads.js';

describe('what is ours and cannot be understood is set aside with a reason, and the rest counts', () => {
  const good = badgeMinted(99);
  const [events, operations] = ['metadata.receipt.events[1].data', 'operations[2].metadata'];

  it.each<[string, PrintDescription, string, string]>([
    [
      'a field that is missing',
      print('badge-revoked', { 'badge-id': 1, issuer: principal('a') }),
      'revoked-by is missing',
      'revoked-by',
    ],
    [
      'a field of another type',
      badgeMinted(1, { recipient: 'alice' }),
      "recipient is no principal: 'alice'",
      'recipient',
    ],
    [
      'a uint where a list belongs',
      print('batch-badges-minted', { 'batch-id': 1, issuer: principal('a'), 'badge-ids': 1 }),
      'badge-ids is no list: 1',
      'badge-ids',
    ],
    [
      'a flag that is none',
      print('global-permissions-updated', { 'updated-by': principal('a'), 'can-create-communities': 1 }),
      'can-create-communities is no bool: 1',
      'can-create-communities',
    ],
    [
      'an event that we do not know',
      print('badge-burned', { 'badge-id': 1 }),
      'no print of ours is called badge-burned',
      'event',
    ],
    [
      'a level beyond 2^53',
      badgeMinted(1, { level: 2n ** 60n }),
      'level is 1152921504606846976, 2^53 or more',
      'level',
    ],
    [
      'a response that is an error',
      badgeMinted(1, { level: Cl.error(Cl.uint(1)) }),
      'level is no uint: a response that is an error',
      'level',
    ],
  ])('%s', (_what, bad, reason, field) => {
    const raw = decode('raw', minting(good, bad));
    expect(raw.facts).toHaveLength(1);
    expect(raw.setAside).toMatchObject([{ reason, field: `${events}.raw_value.${field}`, count: 1 }]);
    expect(decode('v2', minting(good, bad)).setAside).toMatchObject([
      { reason, field: `${operations}.value.${field}` },
    ]);
  });

  it('a batch whose lists differ in length, or whose count differs from them', () => {
    const batch = (fields: object) =>
      print('batch-badges-minted', {
        'batch-id': 4,
        issuer: principal('issuer'),
        recipients: [principal('alice'), principal('bob'), principal('carol')],
        'template-ids': [1, 1, 2],
        'badge-ids': [2, 3, 4],
        count: 3,
        ...fields,
      });
    const reason = (fields: object) => decode('raw', minting(good, batch(fields)));
    expect(reason({ 'template-ids': [1, 1] })).toMatchObject({
      facts: [{ props: { badgeId: '99' } }],
      setAside: [{ reason: 'the lists of a batch differ in length: 3 recipients, 2 templates, 3 badges' }],
    });
    expect(reason({ recipients: [1, 2, 3, 4].map(() => principal('a')) }).setAside).toHaveLength(1);
    expect(reason({ 'badge-ids': [] }).setAside).toHaveLength(1);
    expect(reason({ count: 2 }).setAside).toMatchObject([{ reason: 'count is 2 but there are 3 badges' }]);
  });

  it('a decoded uint beyond 2^53, whose last digits the JSON number has lost', () => {
    expect(decode('decoded', minting(good, badgeMinted(2n ** 53n + 1n)))).toMatchObject({
      facts: [{ props: { badgeId: '99' } }],
      setAside: [
        {
          reason: expect.stringContaining('beyond 2^53') as string,
          field: `${events}.value.badge-id`,
          count: 1,
        },
      ],
    });
  });

  it.each([
    [
      'a text longer than any contract prints',
      badgeMinted(1, { category: 'x'.repeat(4_097) }),
      'category has 4097 characters, 4096 at most',
    ],
    [
      'half of a character, which no Clarity text holds',
      badgeMinted(1, { category: 'skill \ud83d' }),
      'category holds half of a surrogate pair',
    ],
    [
      'more badges in a batch than a Clarity value can hold',
      print('batch-badges-minted', {
        ...{ 'batch-id': 1, issuer: principal('issuer'), recipients: [], 'template-ids': [], count: 0 },
        'badge-ids': new Array<number>(65_537).fill(1),
      }),
      'badge-ids has 65537 items, 65536 at most',
    ],
  ])('a decoded print with %s', (_what, bad, reason) => {
    expect(decode('decoded', minting(good, bad))).toMatchObject({
      facts: [{ props: { badgeId: '99' } }],
      setAside: [{ reason: expect.stringContaining(reason) as string }],
    });
  });

  it.each([
    [
      'bytes that are no Clarity',
      '0x0c00',
      'the print is no Clarity value: bytes end within the length of a tuple at byte 2',
    ],
    ['a print that is no tuple', '0x03', 'the print is no tuple but true'],
    ['a tuple without event', '0x0c00000000', 'event is missing'],
  ])('%s', (_what, hex, reason) => {
    const text = JSON.stringify(payload('raw', { apply: [minting(badgeMinted(1))] }));
    const body: unknown = JSON.parse(text.replace(/"raw_value":"0x[0-9a-f]+"/, `"raw_value":"${hex}"`));
    expect(decodeBody(body)).toMatchObject({ facts: [], setAside: [{ reason }] });
  });

  it.each([
    ['a long name', { ['n'.repeat(1_000_000)]: 1 }, 'an object'],
    ['many names', Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`n${n}`, n])), 'an object'],
    ['many items', new Array<object>(10_000).fill({ of: 'objects' }), 'a list of 10000'],
    ['a long text', 'x'.repeat(1_000_000), `'${'x'.repeat(60)}'... 999940 more characters`],
  ])('a decoded value with %s, of which so much is told as fits in a line', (_what, level, shown) => {
    const text = payloadText('decoded', { apply: [minting(badgeMinted(1))] });
    const body: unknown = JSON.parse(text.replace(/"level":\d+/, () => `"level":${JSON.stringify(level)}`));
    expect(decodeBody(body).setAside).toMatchObject([{ reason: `level is no uint: ${shown}` }]);
  });

  it('two bad prints of one transaction once, with their number and the first reason', () => {
    const decoded = decode('raw', minting(badgeMinted(1, { issuer: 1 }), good, print('x', {})));
    expect(decoded.facts).toHaveLength(1);
    expect(decoded.setAside).toMatchObject([{ reason: 'issuer is no principal: 1', count: 2 }]);
  });
});
