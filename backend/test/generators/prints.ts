import fc from 'fast-check';
import { badgeMinted, principal, print, txId, type TransactionDescription } from '../support/payloads.js';

/** Prints about few badges, templates, communities and people, so that blocks and forks contradict each other. */
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'issuer', 'owner'].map(principal);
const CATEGORIES = ['skill', 'other', '__proto__', '10'];

const prints = (() => {
  const person = fc.constantFrom(...PEOPLE);
  const id = fc.constantFrom(1, 2, 9, 10);
  const badge = fc.constantFrom(1, 2, 3, 9, 10, 11n, 18_446_744_073_709_551_616n);
  const level = fc.nat(3);
  const category = fc.constantFrom(...CATEGORIES);
  const printed = (event: string, fields: Record<string, fc.Arbitrary<string | number | bigint | boolean>>) =>
    fc.record(fields, { noNullPrototype: true }).map((values) => print(event, values));
  const batch = fc.array(fc.tuple(badge, id, person), { maxLength: 3 }).chain((rows) =>
    person.map((issuer) =>
      print('batch-badges-minted', {
        'batch-id': 1,
        issuer,
        recipients: rows.map(([, , recipient]) => recipient),
        'template-ids': rows.map(([, template]) => template),
        'badge-ids': rows.map(([badgeId]) => badgeId),
        count: rows.length,
      }),
    ),
  );
  const mint = fc
    .record({ badge, recipient: person, 'template-id': id, issuer: person, level, category }, { noNullPrototype: true })
    .map(({ badge: badgeId, ...fields }) => badgeMinted(badgeId, fields));
  return fc.oneof(
    { weight: 6, arbitrary: mint },
    { weight: 2, arbitrary: batch },
    { weight: 2, arbitrary: printed('badge-revoked', { 'badge-id': badge, issuer: person, 'revoked-by': person }) },
    {
      weight: 2,
      arbitrary: printed('badge-metadata-updated', {
        'badge-id': badge,
        'old-level': level,
        'new-level': level,
        'old-category': category,
        'new-category': category,
        'updated-by': person,
      }),
    },
    {
      weight: 2,
      arbitrary: printed('template-created', {
        'template-id': id,
        name: fc.constantFrom('Rust', 'Clarity'),
        description: fc.constant(''),
        category,
        'default-level': level,
        creator: person,
      }),
    },
    {
      weight: 2,
      arbitrary: printed('community-created', {
        'community-id': id,
        name: fc.constantFrom('Stackers', 'Builders'),
        description: fc.constant(''),
        owner: person,
      }),
    },
    {
      weight: 2,
      arbitrary: printed('community-member-added', {
        'community-id': id,
        member: person,
        role: fc.constant('member'),
        'added-by': person,
      }),
    },
    {
      weight: 1,
      arbitrary: printed('community-ownership-transferred', {
        'community-id': id,
        'old-owner': person,
        'new-owner': person,
      }),
    },
    { weight: 1, arbitrary: printed('community-deactivated', { 'community-id': id, 'deactivated-by': person }) },
    { weight: 1, arbitrary: printed('user-suspended', { user: person, 'suspended-by': person }) },
    {
      weight: 1,
      arbitrary: printed('passport-badge-minted', { 'token-id': badge, recipient: person, 'minted-by': person }),
    },
  );
})();

/** Named from a small pool, so that a transaction comes back in another block, with the same prints or others. */
export const transactions: fc.Arbitrary<TransactionDescription[]> = fc.uniqueArray(
  fc.record(
    {
      txId: fc.nat(30).map((name) => txId(String(name))),
      prints: fc
        .array(prints, { minLength: 1, maxLength: 4, size: 'max' })
        .map((list) => list.map((one, position) => ({ ...one, position }))),
      success: fc.constantFrom(true, true, true, true, false),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 3, selector: (transaction) => transaction.txId },
);
