import { decode, decodeBody, minting } from '../../test/support/decoding.js';
import { Cl } from '@stacks/transactions';
import {
  badgeMinted,
  block,
  payload,
  PAYLOAD_FORMS,
  print,
  principal,
  SAMPLE_PRINTS,
  tx,
  txId,
  type PayloadForm,
  type PrintDescription,
} from '../../test/support/payloads.js';
import type { Fact } from '../events/fact.js';
import type { DecodedBlock } from './decode.js';

const propsOf = ({ facts }: DecodedBlock) => facts.map(({ props }) => props);

/** JSON with the keys of every object sorted. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

describe.each(SAMPLE_PRINTS.map((sample) => [sample.event, sample] as const))('%s', (event, sample) => {
  const facts = (form: PayloadForm): readonly Fact[] => {
    const decoded = decode(form, minting(sample));
    expect(decoded).toMatchObject({ ignored: 0, setAside: [] });
    return decoded.facts;
  };

  it('gives the same facts with the same ids raw, decoded and as v2', () => {
    const raw = facts('raw');
    expect(raw).toHaveLength({ 'passport-badge-minted': 0, 'batch-badges-minted': 3 }[event] ?? 1);
    expect(facts('decoded')).toEqual(raw);
    expect(facts('v2')).toEqual(raw);
  });

  it('has properties whose JSON is canonical, since ids digest it', () => {
    for (const { props } of facts('raw')) expect(JSON.stringify(props)).toBe(canonicalJson(props));
  });
});

it('a mint says what was printed, where and when', () => {
  const decoded = decode('raw', block(100, [tx('other', []), tx('a', [badgeMinted(7, { 'community-id': 3 })])]));
  expect(decoded.facts).toEqual([
    {
      id: 'Ene-8mukXghG4HLjlvc0qA',
      type: 'badge_issued',
      atMs: (1_767_225_600 + 60_000) * 1000,
      actor: principal('issuer'),
      props: {
        badgeId: '7',
        templateId: '1',
        recipient: principal('alice'),
        issuer: principal('issuer'),
        level: 1,
        category: 'skill',
        communityId: '3',
      },
      chain: { height: 100, blockHash: block(100).hash, txId: txId('a'), txIndex: 1, ordinal: 0 },
    },
  ]);
});

it('ids stay what they were when the log was first written', () => {
  const ids = SAMPLE_PRINTS.flatMap((sample) => decode('raw', minting(sample)).facts.map(({ id }) => id));
  expect(ids).toEqual([
    'M2QAUOJnhOV3JakBUwrKmQ',
    'gH_WYhN3Ns59sXSeoBPhGA',
    'Ts7mkdMx7SJcdZUy5q_snw',
    'ENWX64_bx92OwRKELVRVrg',
    'l6F8F_vVGLPllquYa3LOFg',
    'NbF3omYHimSI6cWw279Zmw',
    'zA3ZQTqoEMvcftLC5QWnZA',
    'e5B6TDOrLRmdT23Krd28vQ',
    'gOQJjrG9brYrj4f-fgC4zw',
    'f66mI-YKk9qiu9O224jT6w',
    'Ne1hcnOZDfNS1cGK2iYhAw',
    'VnOXSHCsNjmTaqnHZaodgQ',
    'BMIdZNieVjKuEjSWJTk4-A',
    'DxDuxpU49gdLsy7-g5ZBEw',
    '9EsSe-6ozgS2tc18GE0m1g',
    'tt2uRnU6rjQPkP-YjtT_3w',
    '5yQhcewCjffC9CvsV1J4pQ',
    'cBzHjVb5f1dgBcQ4SOLT5w',
  ]);
});

it('a batch of three is three badges with their batch, and neither level nor category', () => {
  const batch = SAMPLE_PRINTS[1];
  if (batch === undefined) throw new Error('no sample');
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(principal);
  const badge = { batchId: '4', issuer: principal('issuer') };
  expect(propsOf(decode('decoded', minting(batch)))).toEqual([
    { ...badge, badgeId: '2', templateId: '1', recipient: alice },
    { ...badge, badgeId: '3', templateId: '1', recipient: bob },
    { ...badge, badgeId: '4', templateId: '2', recipient: carol },
  ]);
});

describe('equal prints of one transaction', () => {
  it('are as many facts, told apart by their occurrence', () => {
    const { facts } = decode('raw', minting(badgeMinted(1), badgeMinted(2), badgeMinted(1)));
    expect(new Set(facts.map(({ id }) => id)).size).toBe(3);
    expect(facts[0]?.id).toBe(decode('raw', minting(badgeMinted(1))).facts[0]?.id);
  });

  it('are no more when a filter leaves out another print between them', () => {
    const ids = (...prints: PrintDescription[]) => decode('raw', minting(...prints)).facts.map(({ id }) => id);
    const whole = ids(badgeMinted(1), badgeMinted(2), badgeMinted(1));
    expect(ids(badgeMinted(1), badgeMinted(1))).toEqual([whole[0], whole[2]]);
  });
});

describe('the order within a transaction', () => {
  const level = (badge: number, position?: number) => ({
    ...badgeMinted(badge),
    ...(position !== undefined && { position }),
  });

  it.each(PAYLOAD_FORMS)('follows the positions where a node states them (%s)', (form) => {
    const { facts } = decode(form, minting(level(1, 5), level(2, 3), level(3, 4)));
    expect(facts.map(({ chain, props }) => [chain?.ordinal, 'badgeId' in props && props.badgeId])).toEqual([
      [0, '2'],
      [1, '3'],
      [2, '1'],
    ]);
  });

  it('is that of the payload where old nodes state none', () => {
    expect(propsOf(decode('raw', minting(level(3), level(1), level(2))))).toMatchObject([
      { badgeId: '3' },
      { badgeId: '1' },
      { badgeId: '2' },
    ]);
  });
});

describe.each(PAYLOAD_FORMS)('what is not ours (%s)', (form) => {
  it('is ignored: a foreign contract that prints badge-minted, whatever else it prints', () => {
    const foreign = `${principal('mallory')}.badge-issuer`;
    const prints = [print('badge-minted', {}, { contract: foreign }), print('hello', { a: 1 }, { contract: foreign })];
    expect(decode(form, minting(badgeMinted(1), ...prints))).toMatchObject({ facts: [{}], ignored: 2, setAside: [] });
  });

  it('is ignored: every print of a failed transaction', () => {
    const failed = block(100, [tx('a', [badgeMinted(1), badgeMinted(2)], { success: false })]);
    expect(decode(form, failed)).toEqual({ facts: [], ignored: 2, setAside: [] });
  });
});

describe('values that contracts and nodes write in more than one way', () => {
  it.each(PAYLOAD_FORMS)('optional values are unwrapped, none is absent (%s)', (form) => {
    const print = badgeMinted(1, { 'template-id': Cl.some(Cl.uint(9)), category: Cl.none(), level: Cl.none() });
    const [props] = propsOf(decode(form, minting(print)));
    expect(props).toEqual({
      badgeId: '1',
      templateId: '9',
      recipient: principal('alice'),
      issuer: principal('issuer'),
    });
  });

  it.each(PAYLOAD_FORMS)('a category may be a uint, an ASCII or a UTF-8 string (%s)', (form) => {
    const prints = [badgeMinted(1, { category: 4 }), badgeMinted(2, { category: Cl.stringAscii('art') })];
    const categories = propsOf(decode(form, minting(...prints, badgeMinted(3, { category: 'künste' }))));
    expect(categories).toMatchObject([{ category: '4' }, { category: 'art' }, { category: 'künste' }]);
  });

  it.each(PAYLOAD_FORMS)('a response that is ok stands for its value (%s)', (form) => {
    expect(propsOf(decode(form, minting(badgeMinted(1, { 'template-id': Cl.ok(Cl.uint(9)) }))))).toMatchObject([
      { templateId: '9' },
    ]);
  });

  it('a decoded uint may be a string', () => {
    const text = JSON.stringify(payload('decoded', { apply: [minting(badgeMinted(123_456_789))] }));
    const body: unknown = JSON.parse(
      text.replace('"badge-id":123456789', '"badge-id":"340282366920938463463374607431768211455"'),
    );
    expect(propsOf(decodeBody(body))).toMatchObject([{ badgeId: '340282366920938463463374607431768211455' }]);
  });

  it.each(['raw', 'v2'] as const)('a uint beyond 2^53 keeps every digit (%s)', (form) => {
    expect(propsOf(decode(form, minting(badgeMinted(2n ** 128n - 1n))))).toMatchObject([
      { badgeId: '340282366920938463463374607431768211455' },
    ]);
  });
});
