import { cvToString, hexToCV, Cl } from '@stacks/transactions';
import { account, DEPLOYER } from '../../scripts/chain/accounts.js';
import { CONTRACTS, Passport } from '../../scripts/chain/passport.js';
import { plainClarity } from '../../scripts/chain/plainClarity.js';
import { SimnetSession } from '../../scripts/chain/simnet.js';
import { TransactionMaker, type Transaction } from '../../scripts/chain/transactions.js';

const admin = DEPLOYER;
const issuer = account('issuer');
const owner = account('owner');
const user = account('user');
const stranger = account('stranger');

/** What each event of DESIGN section 4 carries, besides `event` and `block-height`. */
const FIELDS: Record<string, string> = {
  'badge-minted': 'badge-id recipient template-id issuer level category',
  'batch-badges-minted': 'batch-id issuer recipients template-ids badge-ids count',
  'template-created': 'template-id name description category default-level creator',
  'badge-revoked': 'badge-id issuer revoked-by',
  'badge-metadata-updated': 'badge-id old-level new-level old-category new-category updated-by',
  'issuer-authorized': 'issuer authorized-by',
  'issuer-revoked': 'issuer revoked-by',
  'community-created': 'community-id name description owner',
  'community-member-added': 'community-id member role added-by',
  'community-settings-updated': 'community-id public-badges allow-member-requests require-approval updated-by',
  'community-deactivated': 'community-id deactivated-by',
  'community-ownership-transferred': 'community-id old-owner new-owner',
  'global-permissions-updated': 'user can-create-communities can-issue-badges is-platform-admin suspended updated-by',
  'community-permissions-updated':
    'community-id user role can-issue-badges can-manage-members can-create-templates can-revoke-badges updated-by',
  'user-suspended': 'user suspended-by',
  'user-unsuspended': 'user unsuspended-by',
  'passport-badge-minted': 'token-id recipient minted-by',
};

const template = {
  name: 'Clarity Graduate ✓',
  description: 'Finished the course',
  category: 'Education',
  defaultLevel: 2,
};
const rights = { role: 'editor', issueBadges: false, manageMembers: true, createTemplates: false, revokeBadges: false };

let session: SimnetSession;
let passport: Passport;

beforeEach(async () => {
  session = await SimnetSession.open();
  passport = new Passport(new TransactionMaker());
});
afterEach(() => session.close());

/** Mines each transaction in a block of its own; the answers as Clarity writes them. */
function results(...transactions: readonly Transaction[]): string[] {
  return transactions.flatMap((transaction) => session.mine([transaction]).map((outcome) => outcome.result));
}

function prints(transaction: Transaction): Record<string, unknown>[] {
  return session
    .mine([transaction])
    .flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === 'print' ? [plainClarity(hexToCV(event.valueHex)) as Record<string, unknown>] : [],
      ),
    );
}

function read(contract: string, method: string, ...args: Parameters<SimnetSession['read']>[2]): string {
  return cvToString(session.read(contract, method, args));
}

test('each of the 17 events is printed once with exactly its fields and the height of its block', () => {
  const everything = [
    passport.authorizeIssuer(admin, issuer),
    passport.createTemplate(issuer, template),
    passport.mint(issuer, user, 1),
    passport.batchMint(issuer, [{ recipient: user, templateId: 1 }]),
    passport.updateBadge(issuer, 1, 3, 'Events'),
    passport.revoke(issuer, 1),
    passport.createCommunity(owner, 'Lagos Devs', 'Builders'),
    passport.addMember(owner, 1, user, 'member'),
    passport.updateSettings(owner, 1, { publicBadges: true, memberRequests: false, approval: true }),
    passport.setCommunityPermissions(owner, 1, user, rights),
    passport.transferOwnership(owner, 1, stranger),
    passport.deactivate(stranger, 1),
    passport.suspend(admin, user),
    passport.unsuspend(admin, user),
    passport.setPermissions(admin, user, {
      createCommunities: true,
      issueBadges: true,
      admin: false,
      suspended: false,
    }),
    passport.revokeIssuer(admin, issuer),
  ];
  const seen = new Set<string>();
  for (const transaction of everything)
    for (const print of prints(transaction)) {
      const name = String(print['event']);
      seen.add(name);
      expect([name, Object.keys(print).sort()]).toEqual([
        name,
        [...(FIELDS[name] ?? '').split(' '), 'event', 'block-height'].sort(),
      ]);
      expect(print['block-height']).toBe(session.height);
    }
  expect([...seen].sort()).toEqual(Object.keys(FIELDS).sort());
});

test('a mint prints the badge and its token, and emits the mint of that token to the recipient', () => {
  session.mine([passport.authorizeIssuer(admin, issuer), passport.createTemplate(issuer, template)]);
  const [outcome] = session.mine([passport.mint(issuer, user, 1, 5)]);
  expect(outcome?.result).toBe('(ok u1)');
  expect(outcome?.events.map((event) => (event.type === 'print' ? event.contract : event.asset))).toEqual([
    `${CONTRACTS.passportNft}::passport-badge`,
    CONTRACTS.passportNft,
    CONTRACTS.badgeIssuer,
  ]);
  expect(outcome?.events[0]).toMatchObject({ type: 'nft-mint', recipient: user });
});

test('a batch mints all or none, and prints three parallel lists', () => {
  session.mine([passport.authorizeIssuer(admin, issuer), passport.createTemplate(issuer, template)]);
  const pair = (name: string, templateId: number): { recipient: string; templateId: number } => ({
    recipient: account(name),
    templateId,
  });
  expect(results(passport.batchMint(issuer, [pair('a', 1), pair('b', 9)]))).toEqual(['(err u302)']);
  expect(read(CONTRACTS.badgeIssuer, 'get-issued-count')).toBe('u0');
  expect(read(CONTRACTS.passportNft, 'get-holder-count')).toBe('u0');

  const [batch] = prints(passport.batchMint(issuer, [pair('a', 1), pair('b', 1), pair('a', 1)])).filter(
    (print) => print['event'] === 'batch-badges-minted',
  );
  expect(batch).toMatchObject({
    'batch-id': 1,
    recipients: [account('a'), account('b'), account('a')],
    'template-ids': [1, 1, 1],
    'badge-ids': [1, 2, 3],
    count: 3,
  });
  expect(read(CONTRACTS.passportNft, 'get-holder-count')).toBe('u2');
});

test('a second revocation prints again and counts nothing', () => {
  session.mine([passport.authorizeIssuer(admin, issuer), passport.createTemplate(issuer, template)]);
  session.mine([passport.mint(issuer, user, 1)]);
  expect(prints(passport.revoke(issuer, 1))).toHaveLength(1);
  expect(prints(passport.revoke(admin, 1))).toHaveLength(1);
  expect(read(CONTRACTS.badgeIssuer, 'get-issued-count')).toBe('u1');
  expect(read(CONTRACTS.badgeIssuer, 'get-revoked-count')).toBe('u1');
  expect(read(CONTRACTS.badgeMetadata, 'get-held-in-category', Cl.stringAscii('Education'))).toBe('u0');
  expect(results(passport.updateBadge(issuer, 1, 3, 'Events'))).toEqual(['(err u305)']);
});

test('held badges are counted where an update moves them', () => {
  session.mine([passport.authorizeIssuer(admin, issuer), passport.createTemplate(issuer, template)]);
  session.mine([
    passport.mint(issuer, user, 1),
    passport.mint(issuer, user, 1),
    passport.updateBadge(issuer, 2, 4, 'Events'),
  ]);
  expect(read(CONTRACTS.badgeMetadata, 'get-held-at-level', Cl.uint(2))).toBe('u1');
  expect(read(CONTRACTS.badgeMetadata, 'get-held-at-level', Cl.uint(4))).toBe('u1');
  expect(read(CONTRACTS.badgeMetadata, 'get-held-in-category', Cl.stringAscii('Events'))).toBe('u1');
});

test('a creator is a member without an event; a new owner is not a member by that alone', () => {
  expect(prints(passport.createCommunity(owner, 'Lagos Devs', 'Builders')).map((print) => print['event'])).toEqual([
    'community-created',
  ]);
  results(passport.transferOwnership(owner, 1, stranger));
  expect(read(CONTRACTS.communityManager, 'is-member', Cl.uint(1), Cl.principal(owner))).toBe('true');
  expect(read(CONTRACTS.communityManager, 'is-member', Cl.uint(1), Cl.principal(stranger))).toBe('false');
  expect(read(CONTRACTS.communityManager, 'get-member-count', Cl.uint(1))).toBe('u1');
});

test('who has no right to it changes nothing and prints nothing', () => {
  session.mine([
    passport.authorizeIssuer(admin, issuer),
    passport.createTemplate(issuer, template),
    passport.mint(issuer, user, 1),
    passport.createCommunity(owner, 'Lagos Devs', 'Builders'),
  ]);
  const maker = new TransactionMaker();
  const refused: [Transaction, string][] = [
    [passport.authorizeIssuer(stranger, stranger), '(err u100)'],
    [passport.suspend(stranger, user), '(err u100)'],
    [passport.mint(stranger, stranger, 1), '(err u200)'],
    [passport.mint(issuer, user, 1, 6), '(err u304)'],
    [passport.revoke(stranger, 1), '(err u200)'],
    [passport.createTemplate(stranger, template), '(err u300)'],
    [passport.updateBadge(stranger, 1, 3, 'Events'), '(err u300)'],
    [passport.addMember(stranger, 1, stranger, 'member'), '(err u403)'],
    [passport.deactivate(stranger, 1), '(err u402)'],
    [passport.addMember(owner, 1, owner, 'member'), '(err u404)'],
    [passport.setCommunityPermissions(stranger, 1, stranger, rights), '(err u402)'],
    // What only another of our contracts may call.
    [maker.call(admin, CONTRACTS.passportNft, 'mint', [Cl.principal(user), Cl.principal(admin)]), '(err u500)'],
    [maker.call(admin, CONTRACTS.badgeMetadata, 'release-badge', [Cl.uint(1)]), '(err u301)'],
  ];
  const outcomes = session.mine(refused.map(([transaction]) => transaction));
  expect(outcomes.map((outcome) => [outcome.result, outcome.events])).toEqual(refused.map(([, code]) => [code, []]));
});

test('a suspended issuer issues no more, a manager that the owner named adds members', () => {
  session.mine([passport.authorizeIssuer(admin, issuer), passport.createTemplate(issuer, template)]);
  expect(results(passport.suspend(admin, issuer), passport.mint(issuer, user, 1))).toEqual(['(ok true)', '(err u200)']);
  expect(results(passport.unsuspend(admin, issuer), passport.mint(issuer, user, 1))).toEqual(['(ok true)', '(ok u1)']);
  session.mine([passport.createCommunity(owner, 'Lagos Devs', 'Builders')]);
  expect(
    results(passport.setCommunityPermissions(owner, 1, user, rights), passport.addMember(user, 1, stranger, 'member')),
  ).toEqual(['(ok true)', '(ok true)']);
});
