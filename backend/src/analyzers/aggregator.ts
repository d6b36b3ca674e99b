import type {
  CommunityMetrics,
  CoreMetrics,
  DistributionMetrics,
  HeadlineItem,
  IssuanceMetrics,
  Part,
  UserMetrics,
} from '../contract/index.js';
import type { Change } from '../events/fact.js';
import type { DayRange } from './calendar.js';

/** What an activity item says of a badge template. */
export interface TemplateName {
  readonly name: string;
  readonly category: string;
}

/** What an activity item says of a community. */
export interface CommunityName {
  readonly name: string;
  readonly owner: string;
  readonly active: boolean;
}

/** What an activity item says of a badge; `communityId` only when a community that exists owns it. */
export interface BadgeNames {
  readonly templateId: string;
  readonly recipient: string;
  readonly communityId?: string;
}

/**
 * All live metrics over the canonical facts. A pure function of the set of facts folded so far and of `now`, whatever the
 * order they came in; nothing here reads a clock. Reads cost the same however long history is.
 */
export class Aggregator {
  /**
   * Folds changes and tells which parts may show something else now.
   * @throws when a change cannot be folded; what came before it in `changes` is folded, it and the rest are not.
   */
  apply(_changes: readonly Change[]): Set<Part> {
    throw new Error('signatures only');
  }

  issuance(_range: DayRange, _now: number): IssuanceMetrics {
    throw new Error('signatures only');
  }

  community(_range: DayRange, _now: number): CommunityMetrics {
    throw new Error('signatures only');
  }

  users(_range: DayRange, _now: number): UserMetrics {
    throw new Error('signatures only');
  }

  distribution(_now: number): DistributionMetrics {
    throw new Error('signatures only');
  }

  /** The five core numbers; they do not depend on the time. */
  metrics(): CoreMetrics {
    throw new Error('signatures only');
  }

  /** The six numbers of the range, each beside that of as many days just before. */
  headline(_range: DayRange): HeadlineItem[] {
    throw new Error('signatures only');
  }

  findTemplate(_templateId: string): TemplateName | undefined {
    throw new Error('signatures only');
  }

  findCommunity(_communityId: string): CommunityName | undefined {
    throw new Error('signatures only');
  }

  findBadge(_badgeId: string): BadgeNames | undefined {
    throw new Error('signatures only');
  }

  /** The whole state, versioned: `load` of it gives the same metrics and can go on folding. */
  dump(): Uint8Array {
    throw new Error('signatures only');
  }

  /** @throws {Error} when the bytes are of another version or damaged: the state is then rebuilt from the log. */
  static load(_bytes: Uint8Array): Aggregator {
    throw new Error('signatures only');
  }
}
