import { HEADLINE_LABELS, HEADLINE_METRICS, type AlertMetric, type AlertSettings } from '../contract/index.js';

/** Says a condition, and how it stands, in a sentence: for the page, the history and whoever reads a webhook. Pure. */
const METRICS: Readonly<Record<AlertMetric, string>> = {
  ...HEADLINE_LABELS,
  totalBadgesIssued: 'Badges issued in all',
  totalUsers: 'Users in all',
  totalCommunities: 'Communities in all',
  activeBadges: 'Badges held',
  totalMembers: 'Members in all',
  averageBadgesPerUser: 'Badges per user',
  averageBadgesPerCommunity: 'Badges per community',
  engagementRate: 'Engagement rate',
  retentionRate: 'Retention rate',
  chainLagMinutes: 'Minutes since the last block',
  chainStalled: 'Chain stalled',
  unprovenBlocks: 'Unproven blocks',
  quarantinedItems: 'Items in quarantine',
};
const COUNTED: ReadonlySet<AlertMetric> = new Set<AlertMetric>(HEADLINE_METRICS);

const RATES: ReadonlySet<AlertMetric> = new Set<AlertMetric>(['engagementRate', 'retentionRate']);

type Subject = Pick<AlertSettings, 'metric' | 'window' | 'days' | 'hours' | 'condition' | 'threshold'>;

/** `Badges issued today: 12, above 10`. @param figure what is held against the threshold; null: not known */
export function alertMessage(subject: Subject, figure: number | null): string {
  const { metric, condition, threshold } = subject;
  const what =
    COUNTED.has(metric) && condition !== 'noData' ? `${METRICS[metric]} ${windowText(subject)}` : METRICS[metric];
  const unit = RATES.has(metric) ? ' %' : '';
  switch (condition) {
    case 'above':
    case 'below':
      return `${what}: ${numberText(figure)}${figure === null ? '' : unit} (alert ${condition} ${numberText(threshold)}${unit})`;
    case 'rises':
    case 'falls':
      return `${what}: ${changeText(figure)} against ${before(subject)} (alert when it ${condition} by more than ${numberText(threshold)} %)`;
    case 'noData':
      return `${what}: nothing new for ${durationText(figure)} (alert after ${durationText(threshold)})`;
  }
}

function windowText({ window, days, hours }: Subject): string {
  switch (window) {
    case 'lastHours':
      return hours === 1 ? 'in the last hour' : `in the last ${hours} hours`;
    case 'today':
      return 'today';
    case 'thisWeek':
      return 'this week';
    case 'thisMonth':
      return 'this month';
    case 'lastDays':
      return days === 1 ? 'today' : `in the last ${days} days`;
    case 'fullDays':
      return days === 1 ? 'yesterday' : `in the last ${days} full days`;
  }
}

function before({ window, days, hours, metric }: Subject): string {
  switch (window) {
    case 'lastHours':
      return hours === 1 ? 'the hour before' : `the ${hours} hours before`;
    case 'today':
      return 'the day before';
    case 'thisWeek':
      return COUNTED.has(metric) ? 'the same days of the week before' : 'the end of the week before';
    case 'thisMonth':
      return COUNTED.has(metric) ? 'the same days of the month before' : 'the end of the month before';
    case 'lastDays':
    case 'fullDays':
      return days === 1 ? 'the day before' : `the ${days} days before`;
  }
}

const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const numberText = (value: number | null): string => (value === null ? 'not known' : NUMBER.format(value));

function changeText(percent: number | null): string {
  if (percent === null) return 'a change that is not known';
  return `${percent > 0 ? '+' : ''}${NUMBER.format(percent)} %`;
}

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;

/** `45 minutes`, `3 h 20 min`, `2 days 4 h`. */
function durationText(minutes: number | null): string {
  if (minutes === null) return 'a time that is not known';
  if (minutes < MINUTES_PER_HOUR) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const [days, rest] = [Math.floor(minutes / MINUTES_PER_DAY), minutes % MINUTES_PER_DAY];
  const hours = Math.floor(rest / MINUTES_PER_HOUR);
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}${hours > 0 ? ` ${hours} h` : ''}`;
  return `${hours} h${rest % MINUTES_PER_HOUR > 0 ? ` ${rest % MINUTES_PER_HOUR} min` : ''}`;
}
