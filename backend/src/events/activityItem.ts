import type { ActivityItem } from '../contract/activity.js';
import type { Fact, FactType } from './fact.js';

/**
 * What the activity list says of a fact. One definition for the live feed (which holds facts) and for the history (which
 * holds rows): both first flatten to `ActivitySource`, and look up names as they are known now.
 */
export interface ActivitySource {
  readonly id: string;
  readonly type: FactType;
  readonly atMs: number;
  readonly actor: string;
  /** Whom it happened to: recipient, member, new owner, user. */
  readonly subject?: string | undefined;
  readonly badgeId?: string | undefined;
  readonly templateId?: string | undefined;
  readonly communityId?: string | undefined;
  /** The name that the fact itself gives to its template or community. */
  readonly name?: string | undefined;
  readonly height?: number | undefined;
  readonly txId?: string | undefined;
}

/** Look-ups of what counts now; undefined where nothing is known. */
export interface ActivityNames {
  templateName(templateId: string): string | undefined;
  communityName(communityId: string): string | undefined;
  /** The counting mint of a badge: revocations and updates do not say whose badge it is. */
  mint(badgeId: string): { readonly templateId: string; readonly recipient: string } | undefined;
}

/** The fields of a fact that the list shows or looks up by. */
export function activitySource(fact: Fact): ActivitySource {
  const { id, type, atMs, actor, chain } = fact;
  const position = chain && { height: chain.height, txId: chain.txId };
  return { id, type, atMs, actor, ...position, ...particulars(fact) };
}

type Particulars = Pick<ActivitySource, 'subject' | 'badgeId' | 'templateId' | 'communityId' | 'name'>;

function particulars(fact: Fact): Particulars {
  switch (fact.type) {
    case 'badge_issued': {
      const { recipient: subject, badgeId, templateId, communityId } = fact.props;
      return { subject, badgeId, templateId, communityId };
    }
    case 'badge_revoked':
    case 'badge_updated':
      return { badgeId: fact.props.badgeId };
    case 'template_created':
      return { templateId: fact.props.templateId, name: fact.props.name };
    case 'community_created':
      return { communityId: fact.props.communityId, name: fact.props.name };
    case 'community_updated':
    case 'community_deactivated':
      return { communityId: fact.props.communityId };
    case 'community_transferred':
      return { subject: fact.props.newOwner, communityId: fact.props.communityId };
    case 'member_added':
      return { subject: fact.props.member, communityId: fact.props.communityId };
    case 'issuer_authorized':
    case 'issuer_revoked':
      return { subject: fact.props.issuer };
    case 'user_joined':
    case 'user_suspended':
    case 'user_unsuspended':
      return { subject: fact.props.user };
    case 'permissions_updated':
      return { subject: fact.props.user, communityId: fact.props.communityId };
  }
}

/** @param retracted whether the fact's block is not canonical, so that it does not count */
export function activityItem(source: ActivitySource, names: ActivityNames, retracted: boolean): ActivityItem {
  const { id, type, atMs, actor, badgeId, communityId, height, txId } = source;
  const mint = source.templateId === undefined && badgeId !== undefined ? names.mint(badgeId) : undefined;
  const subject = source.subject ?? mint?.recipient;
  const templateId = source.templateId ?? mint?.templateId;
  const badgeName =
    templateId === undefined
      ? undefined
      : (ownName(source, 'template_created') ?? names.templateName(templateId) ?? `Badge ${templateId}`);
  const communityName =
    communityId === undefined ? undefined : (ownName(source, 'community_created') ?? names.communityName(communityId));
  return {
    id,
    type,
    at: new Date(atMs).toISOString(),
    actor,
    ...(subject !== undefined && { subject }),
    ...(badgeId !== undefined && { badgeId }),
    ...(templateId !== undefined && { templateId }),
    ...(badgeName !== undefined && { badgeName }),
    ...(communityId !== undefined && { communityId }),
    ...(communityName !== undefined && { communityName }),
    ...(height !== undefined && { height }),
    ...(txId !== undefined && { txId }),
    retracted,
  };
}

/** A creation is shown by the name that it gives, also when it does not count. */
const ownName = (source: ActivitySource, creation: FactType): string | undefined =>
  source.type === creation ? source.name : undefined;
