/** Alerts in words: what can be watched, when it fires, and how it stands. Pure. */
import type {
  Alert,
  AlertCondition,
  AlertMetric,
  AlertWindow,
  QuietHours,
} from '@passportx/analytics-backend/contract';
import { HEADLINE_LABELS } from '@passportx/analytics-backend/contract/labels';

export interface MetricChoice {
  readonly id: AlertMetric;
  readonly label: string;
  /** Counted over days or hours, as of now, or of the chain. */
  readonly kind: 'counted' | 'standing' | 'chain';
  /** No snapshot keeps it: it has no value to rise or fall from. */
  readonly unrecorded?: true;
}

const HEADLINE = Object.keys(HEADLINE_LABELS) as (keyof typeof HEADLINE_LABELS)[];

export const METRIC_CHOICES: readonly MetricChoice[] = [
  ...HEADLINE.map((id): MetricChoice => ({ id, label: HEADLINE_LABELS[id], kind: 'counted' })),
  { id: 'totalBadgesIssued', label: 'Badges issued in all', kind: 'standing' },
  { id: 'totalUsers', label: 'Users in all', kind: 'standing' },
  { id: 'totalCommunities', label: 'Communities in all', kind: 'standing' },
  { id: 'activeBadges', label: 'Badges held', kind: 'standing', unrecorded: true },
  { id: 'totalMembers', label: 'Members in all', kind: 'standing', unrecorded: true },
  { id: 'averageBadgesPerUser', label: 'Badges per user', kind: 'standing' },
  { id: 'averageBadgesPerCommunity', label: 'Badges per community', kind: 'standing' },
  { id: 'engagementRate', label: 'Engagement rate, %', kind: 'standing' },
  { id: 'retentionRate', label: 'Retention rate, %', kind: 'standing' },
  { id: 'chainLagMinutes', label: 'Minutes since the last block', kind: 'chain' },
  { id: 'chainStalled', label: 'Chain stalled (1 or 0)', kind: 'chain' },
  { id: 'unprovenBlocks', label: 'Unproven blocks', kind: 'chain' },
  { id: 'quarantinedItems', label: 'Items in quarantine', kind: 'chain' },
];

export const KIND_LABELS: Readonly<Record<MetricChoice['kind'], string>> = {
  counted: 'Over a period',
  standing: 'As of now',
  chain: 'Chain',
};

interface ConditionChoice {
  readonly id: AlertCondition;
  readonly label: string;
  readonly unit: string;
}

const CONDITIONS: readonly ConditionChoice[] = [
  { id: 'above', label: 'is above', unit: 'Value' },
  { id: 'below', label: 'is below', unit: 'Value' },
  { id: 'rises', label: 'rises by more than', unit: '% against the period before' },
  { id: 'falls', label: 'falls by more than', unit: '% against the period before' },
  { id: 'noData', label: 'has nothing new for', unit: 'Minutes' },
];

export const kindOf = (metric: AlertMetric): MetricChoice['kind'] =>
  METRIC_CHOICES.find(({ id }) => id === metric)?.kind ?? 'counted';

/** What may be asked of a metric: the chain's own figures, and what no snapshot keeps, have no period before. */
export function conditionsOf(metric: AlertMetric): readonly ConditionChoice[] {
  if (kindOf(metric) === 'chain') return CONDITIONS.slice(0, 2);
  const { unrecorded = false } = METRIC_CHOICES.find(({ id }) => id === metric) ?? {};
  return unrecorded ? CONDITIONS.filter(({ id }) => id !== 'rises' && id !== 'falls') : CONDITIONS;
}

export const unitOf = (condition: AlertCondition): string => CONDITIONS.find(({ id }) => id === condition)?.unit ?? '';

/** Whether the period matters: for what is counted over it, and for a change since before it. */
export const usesWindow = (metric: AlertMetric, condition: AlertCondition): boolean =>
  condition !== 'noData' &&
  (kindOf(metric) === 'counted' || (kindOf(metric) === 'standing' && (condition === 'rises' || condition === 'falls')));

export const WINDOWS: readonly { readonly id: AlertWindow; readonly label: string }[] = [
  { id: 'lastHours', label: 'Last hours, to now' },
  { id: 'today', label: 'Today' },
  { id: 'thisWeek', label: 'This week' },
  { id: 'thisMonth', label: 'This month' },
  { id: 'lastDays', label: 'Last days, with today' },
  { id: 'fullDays', label: 'Full days, to yesterday' },
];

/** What of a window has a length, by the name that the service gives it. */
export function lengthOf(window: AlertWindow): 'days' | 'hours' | null {
  if (window === 'lastHours') return 'hours';
  return window === 'lastDays' || window === 'fullDays' ? 'days' : null;
}

/** Days of the week as the service counts them, 1 Monday to 7 Sunday. */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** When an alert sends nothing, in words: `Sat, Sun 00:00–24:00`, UTC. */
export function describeQuiet({ days, from, to }: QuietHours): string {
  const when =
    days.length === WEEKDAYS.length
      ? 'daily'
      : days
          .toSorted()
          .map((day) => WEEKDAYS[day - 1])
          .join(', ');
  return `${when} ${from}–${from === to && to === '00:00' ? '24:00' : to}${to < from ? ' of the next day' : ''}`;
}

export const PHASE_WORDS: Readonly<Record<Alert['phase'], string>> = {
  ok: 'OK',
  pending: 'About to fire',
  firing: 'Firing',
  resolved: 'Resolved',
};

export const firingOf = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.filter(({ phase }) => phase === 'firing');
