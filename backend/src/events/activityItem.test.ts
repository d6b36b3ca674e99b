import type { Fact } from './fact.js';
import { activityItem, activitySource, type ActivityNames } from './activityItem.js';

const nobody: ActivityNames = {
  templateName: () => undefined,
  communityName: () => undefined,
  mint: () => undefined,
};
const known: ActivityNames = {
  templateName: (id) => ({ 1: 'Gold' })[id],
  communityName: (id) => ({ 5: 'Guild' })[id],
  mint: (id) => (id === '7' ? { templateId: '1', recipient: 'alice' } : undefined),
};
const chain = { height: 12, blockHash: '0xb', txId: '0xt', txIndex: 0, ordinal: 0 };
const base = { id: 'id', atMs: Date.UTC(2026, 1, 3), actor: 'actor' };
const at = '2026-02-03T00:00:00.000Z';

const mint = (more: object = {}): Fact => ({
  ...base,
  type: 'badge_issued',
  props: { badgeId: '7', templateId: '1', recipient: 'alice', issuer: 'issuer', ...more },
});
const revocation = (badgeId: string): Fact => ({
  ...base,
  type: 'badge_revoked',
  props: { badgeId, issuer: 'issuer', revokedBy: 'admin' },
});

describe('an activity item', () => {
  it('of a mint on the chain says who, what, where, and names the template and the community', () => {
    expect(activityItem(activitySource({ ...mint({ communityId: '5' }), chain } as Fact), known, false)).toEqual({
      id: 'id',
      type: 'badge_issued',
      at,
      actor: 'actor',
      subject: 'alice',
      badgeId: '7',
      templateId: '1',
      badgeName: 'Gold',
      communityId: '5',
      communityName: 'Guild',
      height: 12,
      txId: '0xt',
      retracted: false,
    });
  });

  it('leaves out what is not known, and names an unknown template by its id', () => {
    expect(activityItem(activitySource(mint({ communityId: '5' })), nobody, true)).toEqual({
      id: 'id',
      type: 'badge_issued',
      at,
      actor: 'actor',
      subject: 'alice',
      badgeId: '7',
      templateId: '1',
      badgeName: 'Badge 1',
      communityId: '5',
      retracted: true,
    });
  });

  it('of a revocation tells whose badge it was and of which template, once the mint is known', () => {
    expect(activityItem(activitySource(revocation('7')), known, false)).toMatchObject({
      subject: 'alice',
      templateId: '1',
      badgeName: 'Gold',
    });
    const unknown = activityItem(activitySource(revocation('8')), known, false);
    expect(unknown).not.toHaveProperty('subject');
    expect(unknown).not.toHaveProperty('badgeName');
  });

  it('of a creation shows the name that it gives, also when another creation counts', () => {
    const created = { templateId: '1', name: 'Silver', description: '', category: '', defaultLevel: 1, creator: 'c' };
    const template: Fact = { ...base, type: 'template_created', props: created };
    expect(activityItem(activitySource(template), known, true)).toMatchObject({ badgeName: 'Silver' });
    const community: Fact = {
      ...base,
      type: 'community_created',
      props: { communityId: '5', name: 'Club', description: '', owner: 'alice' },
    };
    const item = activityItem(activitySource(community), known, true);
    expect(item).toMatchObject({ communityId: '5', communityName: 'Club' });
    expect(item).not.toHaveProperty('subject');
  });

  it.each([
    ['community_transferred', { communityId: '5', oldOwner: 'alice', newOwner: 'bob' }, 'bob'],
    ['member_added', { communityId: '5', member: 'carol', role: 'member', addedBy: 'alice' }, 'carol'],
    ['user_joined', { user: 'dave' }, 'dave'],
    ['issuer_authorized', { issuer: 'erin', authorizedBy: 'admin' }, 'erin'],
    ['user_suspended', { user: 'frank', suspendedBy: 'admin' }, 'frank'],
    ['permissions_updated', { user: 'grace', updatedBy: 'admin', permissions: {} }, 'grace'],
  ])('of %s tells whom it happened to', (type, props, subject) => {
    expect(activityItem(activitySource({ ...base, type, props } as Fact), known, false)).toMatchObject({ subject });
  });
});
