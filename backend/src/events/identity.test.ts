import { createHash } from 'node:crypto';
import { listedId, printId, type PrintIdentity } from './identity.js';

const print: PrintIdentity = {
  blockHash: `0x${'ab'.repeat(32)}`,
  txId: `0x${'cd'.repeat(32)}`,
  contract: 'ST000000000000000000002AMW42H.badge-issuer',
  event: 'badge-minted',
  fields: '{"badgeId":"1"}',
  occurrence: 0,
};

describe('the identity of a fact', () => {
  it('is the first 16 bytes of SHA-256 over everything that makes it, in base64url', () => {
    const { blockHash, txId, contract, event, fields, occurrence } = print;
    for (let i = 0; i < 200; i += 1) {
      const text = [blockHash, txId, contract, event, fields, occurrence + i].join('\n');
      const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
      const id = printId({ ...print, occurrence: i });
      expect(id).toBe(bytes.toString('base64url'));
      expect(id).toHaveLength(22);
    }
  });

  it.each([
    ['block', { blockHash: `0x${'ac'.repeat(32)}` }],
    ['transaction', { txId: `0x${'ce'.repeat(32)}` }],
    ['contract', { contract: 'ST000000000000000000002AMW42H.badge-metadata' }],
    ['event', { event: 'badge-revoked' }],
    ['content', { fields: '{"badgeId":"2"}' }],
    ['occurrence', { occurrence: 1 }],
  ])('differs in another %s', (_what, other) => {
    expect(printId({ ...print, ...other })).not.toBe(printId(print));
  });

  it('differs at each place of a list that one print states', () => {
    const ids = [0, 1, 2, 10].map((place) => listedId(printId(print), place));
    expect(new Set([...ids, printId(print)]).size).toBe(5);
  });
});
