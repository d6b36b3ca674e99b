import type { FactBody } from '../events/fact.js';
import { PrintError, type PrintFields } from './fields.js';

/**
 * The 17 prints of the PassportX contracts: what each states, as facts. One table, so that a print is understood in one
 * place or not at all. Names of properties stand in alphabetical order: written as JSON, that is the canonical form
 * which a fact's id digests, so a change of order or content here would make every known fact a new one.
 */
export type Statement =
  | { readonly kind: 'one'; readonly fact: FactBody }
  /** One print that states a list of facts; `fields` is all that it says. */
  | { readonly kind: 'list'; readonly fields: Readonly<Record<string, unknown>>; readonly facts: readonly FactBody[] }
  /** A print of ours that states nothing that another print does not. */
  | { readonly kind: 'none' };

/** What `event` states, or undefined if no contract of ours prints such an event. */
export function statementReader(event: string): ((print: PrintFields) => Statement) | undefined {
  return PRINTS.get(event);
}

const one = (fact: FactBody): Statement => ({ kind: 'one', fact });

const PRINTS = new Map<string, (print: PrintFields) => Statement>([
  ['badge-minted', badgeMinted],
  ['batch-badges-minted', batchMinted],
  // Comes with every badge-minted; the badge counts once, by its badge id.
  ['passport-badge-minted', () => ({ kind: 'none' })],
  [
    'badge-revoked',
    (print) => {
      const revokedBy = print.principal('revoked-by');
      const props = { badgeId: print.id('badge-id'), issuer: print.principal('issuer'), revokedBy };
      return one({ type: 'badge_revoked', actor: revokedBy, props });
    },
  ],
  [
    'badge-metadata-updated',
    (print) => {
      const updatedBy = print.principal('updated-by');
      const props = {
        badgeId: print.id('badge-id'),
        newCategory: print.text('new-category'),
        newLevel: print.level('new-level'),
        oldCategory: print.text('old-category'),
        oldLevel: print.level('old-level'),
        updatedBy,
      };
      return one({ type: 'badge_updated', actor: updatedBy, props });
    },
  ],
  [
    'template-created',
    (print) => {
      const creator = print.principal('creator');
      const props = {
        category: print.text('category'),
        creator,
        defaultLevel: print.level('default-level'),
        description: print.optionalText('description') ?? '',
        name: print.text('name'),
        templateId: print.id('template-id'),
      };
      return one({ type: 'template_created', actor: creator, props });
    },
  ],
  [
    'issuer-authorized',
    (print) => {
      const authorizedBy = print.principal('authorized-by');
      const props = { authorizedBy, issuer: print.principal('issuer') };
      return one({ type: 'issuer_authorized', actor: authorizedBy, props });
    },
  ],
  [
    'issuer-revoked',
    (print) => {
      const revokedBy = print.principal('revoked-by');
      return one({ type: 'issuer_revoked', actor: revokedBy, props: { issuer: print.principal('issuer'), revokedBy } });
    },
  ],
  [
    'community-created',
    (print) => {
      const owner = print.principal('owner');
      const props = {
        communityId: print.id('community-id'),
        description: print.optionalText('description') ?? '',
        name: print.text('name'),
        owner,
      };
      return one({ type: 'community_created', actor: owner, props });
    },
  ],
  [
    'community-member-added',
    (print) => {
      const addedBy = print.principal('added-by');
      const props = {
        addedBy,
        communityId: print.id('community-id'),
        member: print.principal('member'),
        role: print.text('role'),
      };
      return one({ type: 'member_added', actor: addedBy, props });
    },
  ],
  [
    'community-settings-updated',
    (print) => {
      const updatedBy = print.principal('updated-by');
      const props = {
        allowMemberRequests: print.flag('allow-member-requests'),
        communityId: print.id('community-id'),
        publicBadges: print.flag('public-badges'),
        requireApproval: print.flag('require-approval'),
        updatedBy,
      };
      return one({ type: 'community_updated', actor: updatedBy, props });
    },
  ],
  [
    'community-deactivated',
    (print) => {
      const deactivatedBy = print.principal('deactivated-by');
      const props = { communityId: print.id('community-id'), deactivatedBy };
      return one({ type: 'community_deactivated', actor: deactivatedBy, props });
    },
  ],
  [
    'community-ownership-transferred',
    (print) => {
      const oldOwner = print.principal('old-owner');
      const props = { communityId: print.id('community-id'), newOwner: print.principal('new-owner'), oldOwner };
      return one({ type: 'community_transferred', actor: oldOwner, props });
    },
  ],
  [
    'global-permissions-updated',
    (print) => {
      const updatedBy = print.principal('updated-by');
      const permissions = {
        canCreateCommunities: print.flag('can-create-communities'),
        canIssueBadges: print.flag('can-issue-badges'),
        isPlatformAdmin: print.flag('is-platform-admin'),
        suspended: print.flag('suspended'),
      };
      const props = { permissions, updatedBy, user: print.principal('user') };
      return one({ type: 'permissions_updated', actor: updatedBy, props });
    },
  ],
  [
    'community-permissions-updated',
    (print) => {
      const updatedBy = print.principal('updated-by');
      const permissions = {
        canCreateTemplates: print.flag('can-create-templates'),
        canIssueBadges: print.flag('can-issue-badges'),
        canManageMembers: print.flag('can-manage-members'),
        canRevokeBadges: print.flag('can-revoke-badges'),
      };
      const props = {
        communityId: print.id('community-id'),
        permissions,
        role: print.text('role'),
        updatedBy,
        user: print.principal('user'),
      };
      return one({ type: 'permissions_updated', actor: updatedBy, props });
    },
  ],
  [
    'user-suspended',
    (print) => {
      const suspendedBy = print.principal('suspended-by');
      return one({ type: 'user_suspended', actor: suspendedBy, props: { suspendedBy, user: print.principal('user') } });
    },
  ],
  [
    'user-unsuspended',
    (print) => {
      const unsuspendedBy = print.principal('unsuspended-by');
      const props = { unsuspendedBy, user: print.principal('user') };
      return one({ type: 'user_unsuspended', actor: unsuspendedBy, props });
    },
  ],
]);

function badgeMinted(print: PrintFields): Statement {
  const category = print.optionalText('category');
  const communityId = print.optionalId('community-id');
  const issuer = print.principal('issuer');
  const level = print.optionalLevel('level');
  const badgeId = print.id('badge-id');
  const recipient = print.principal('recipient');
  const templateId = print.id('template-id');
  const props =
    category !== undefined && communityId === undefined && level !== undefined
      ? // As our contracts print it. Most of all events are mints, and spreading takes several times as long.
        { badgeId, category, issuer, level, recipient, templateId }
      : {
          badgeId,
          ...(category !== undefined && { category }),
          ...(communityId !== undefined && { communityId }),
          issuer,
          ...(level !== undefined && { level }),
          recipient,
          templateId,
        };
  return one({ type: 'badge_issued', actor: issuer, props });
}

/** Three parallel lists, one badge a place, with neither level nor category. */
function batchMinted(print: PrintFields): Statement {
  const batchId = print.id('batch-id');
  const communityId = print.optionalId('community-id');
  const issuer = print.principal('issuer');
  const badgeIds = print.ids('badge-ids');
  const templateIds = print.ids('template-ids');
  const recipients = print.principals('recipients');
  const count = print.level('count');
  const facts = badgeIds.map((badgeId, i): FactBody => {
    const templateId = templateIds[i];
    const recipient = recipients[i];
    if (templateId === undefined || recipient === undefined) throw unequal();
    const props =
      communityId === undefined
        ? { badgeId, batchId, issuer, recipient, templateId }
        : { badgeId, batchId, communityId, issuer, recipient, templateId };
    return { type: 'badge_issued', actor: issuer, props };
  });
  if (templateIds.length !== badgeIds.length || recipients.length !== badgeIds.length) throw unequal();
  if (count !== badgeIds.length)
    throw new PrintError(`count is ${count} but there are ${badgeIds.length} badges`, 'count');
  return {
    kind: 'list',
    fields: { badgeIds, batchId, ...(communityId !== undefined && { communityId }), issuer, recipients, templateIds },
    facts,
  };

  function unequal(): PrintError {
    const lengths = `${recipients.length} recipients, ${templateIds.length} templates, ${badgeIds.length} badges`;
    return new PrintError(`the lists of a batch differ in length: ${lengths}`, 'badge-ids');
  }
}
