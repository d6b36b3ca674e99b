import crypto from 'node:crypto';
import { isSecretOf, digestOf } from '../boards/secrets.js';
import { Auth } from './auth.js';

/**
 * What is compared with a secret, and how: the real comparison is watched, not timed. A `===` somewhere would show as a
 * comparison that is missing, an early end as one too few.
 */
const TOKENS = { chainhook: 'a-node', write: 'an-app', viewer: 'a-viewer', admin: 'an-admin' } as const;
const auth = new Auth({ tokens: TOKENS, sessionSecret: 'secret', publicDashboard: false, clock: () => 0 });

const compared = jest.spyOn(crypto, 'timingSafeEqual');
beforeEach(() => compared.mockClear());
/** Lengths in bytes of all that was compared, pair by pair. */
const lengths = (): number[][] => compared.mock.calls.map((pair) => pair.map(({ byteLength }) => byteLength));

it.each([
  ['the first token', TOKENS.chainhook, 'chainhook'],
  ['the last token', TOKENS.admin, 'admin'],
  ['a token but for its last letter', 'an-admi_', undefined],
  ['a token that is longer', 'an-admin-and-more', undefined],
  ['nothing', '', undefined],
  ['the digest of a token', crypto.createHash('sha256').update(TOKENS.admin).digest('hex'), undefined],
] as const)('compares %s with all four, in constant time, at one length', (_what, token, role) => {
  expect(auth.roleOfToken(token)).toBe(role);
  expect(lengths()).toEqual([
    [32, 32],
    [32, 32],
    [32, 32],
    [32, 32],
  ]);
});

it('compares the signature of a session in constant time', () => {
  const cookie = auth.sessionCookie('viewer', false).split(';')[0] ?? '';
  const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
  expect(auth.identify({ cookieHeader: cookie })).toEqual({ role: 'viewer', by: 'session' });
  expect(auth.identify({ cookieHeader: forged })).toBe('none');
  expect(lengths()).toEqual([
    [32, 32],
    [32, 32],
  ]);
});

it.each([
  ['is the one', 'secret', true],
  ['is another', 'secreT', false],
])('compares the secret of a board that %s in constant time', (_what, secret, is) => {
  expect(isSecretOf(secret, digestOf('secret'))).toBe(is);
  expect(lengths()).toEqual([[43, 43]]);
});
