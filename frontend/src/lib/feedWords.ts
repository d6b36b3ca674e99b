/**
 * Recent activity in words. Each fact type has one sentence, written for someone who knows badges and communities but
 * no chain.
 */
import type { ActivityItem } from '@passportx/analytics-backend/contract';
import type { FeedLine } from './feed';
import { shorten } from './format';

export type Tone = 'badge' | 'loss' | 'people' | 'community' | 'rules';

/** Something named in a line that has a page of its own. */
export interface FeedThing {
  readonly filter: 'badge' | 'community' | 'issuer' | 'user';
  readonly id: string;
  readonly name: string;
}
export type FeedPart = string | FeedThing;

export interface FeedWords {
  readonly tone: Tone;
  readonly title: readonly FeedPart[];
  readonly detail: readonly FeedPart[];
}

type Words = readonly FeedPart[];

/** Words with things among them: what is put into the template stays what it is. */
const say = (texts: TemplateStringsArray, ...things: readonly (FeedPart | Words)[]): Words =>
  texts.flatMap((text, index) => [text, ...[things[index] ?? []].flat()]).filter((part) => part !== '');

/** Joins what is known; a part that is missing leaves no trace. */
const sentence = (...parts: readonly (Words | false | undefined)[]): Words =>
  parts
    .filter((part) => part !== undefined && part !== false)
    .flatMap((part, index) => (index > 0 ? [' · ', ...part] : part));

const person = (id: string): FeedThing => ({ filter: 'user', id, name: shorten(id) });
const issuer = (id: string): FeedThing => ({ filter: 'issuer', id, name: shorten(id) });

function badgeOf({ templateId, badgeId, badgeName }: ActivityItem): FeedPart {
  const name = badgeName ?? (badgeId === undefined ? 'A badge' : `Badge ${badgeId}`);
  return templateId === undefined ? name : { filter: 'badge', id: templateId, name };
}

/** A community that nobody has heard of has no page either. */
function communityOf({ communityId, communityName }: ActivityItem): FeedPart {
  if (communityId === undefined) return 'A community';
  if (communityName === undefined) return `Community ${communityId}`;
  return { filter: 'community', id: communityId, name: communityName };
}

export function describeActivity({ item, count }: FeedLine): FeedWords {
  const badge = badgeOf(item);
  const community = communityOf(item);
  const known = item.communityName !== undefined && say`${community}`;
  const subject = item.subject === undefined ? 'Someone' : person(item.subject);
  const people = count > 1 ? say`${subject} and ${String(count - 1)} more` : say`${subject}`;
  const times = count > 1 ? ` × ${count}` : '';
  // Whoever did it need not have a page: an admin of the platform may be neither user nor issuer.
  const by = say`by ${shorten(item.actor)}`;

  switch (item.type) {
    case 'badge_issued':
      return {
        tone: 'badge',
        title: say`${badge}${times}`,
        detail: sentence(say`to ${people}`, known || say`by ${issuer(item.actor)}`),
      };
    case 'badge_revoked':
      return {
        tone: 'loss',
        title: say`${badge} revoked${times}`,
        detail: sentence(item.subject !== undefined && say`from ${people}`, by),
      };
    case 'badge_updated':
      return {
        tone: 'badge',
        title: say`${badge} updated${times}`,
        detail: sentence(item.subject !== undefined && say`of ${people}`, by),
      };
    case 'template_created':
      return { tone: 'badge', title: say`New badge: ${badge}`, detail: say`designed ${by}` };
    case 'community_created':
      return { tone: 'community', title: say`${community} founded`, detail: say`by ${person(item.actor)}` };
    case 'community_updated':
      return { tone: 'rules', title: say`${community} changed its settings`, detail: by };
    case 'community_deactivated':
      return { tone: 'loss', title: say`${community} deactivated`, detail: by };
    case 'community_transferred':
      return {
        tone: 'community',
        title: say`${community} has a new owner`,
        detail: say`${subject}, after ${person(item.actor)}`,
      };
    case 'member_added':
      return { tone: 'people', title: say`${people} joined`, detail: say`${community}` };
    case 'user_joined':
      return { tone: 'people', title: say`${people} joined PassportX`, detail: sentence(known) };
    case 'issuer_authorized':
      return { tone: 'rules', title: say`${authority(item)} may issue badges`, detail: say`authorised ${by}` };
    case 'issuer_revoked':
      return { tone: 'loss', title: say`${authority(item)} may no longer issue`, detail: by };
    case 'user_suspended':
      return { tone: 'loss', title: say`${subject} suspended`, detail: by };
    case 'user_unsuspended':
      return { tone: 'people', title: say`${subject} reinstated`, detail: by };
    case 'permissions_updated':
      return { tone: 'rules', title: say`Permissions of ${subject} changed`, detail: sentence(known, by) };
  }
}

const authority = ({ subject }: ActivityItem): FeedPart => (subject === undefined ? 'Someone' : issuer(subject));
