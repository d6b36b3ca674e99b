import type { DayRange } from '../analyzers/calendar.js';
import {
  HEADLINE_LABELS,
  type CommunityMetrics,
  type CoreMetrics,
  type DistributionMetrics,
  type HeadlineItem,
  type HeadlineMetric,
  type IssuanceMetrics,
  type UserMetrics,
} from '../contract/index.js';
import {
  barCard,
  chartCard,
  compared,
  drawNotes,
  MAX_BARS,
  numberCards,
  section,
  subtitle,
  titledTable,
} from './blocks.js';
import { columns, lines, type Bar } from './charts.js';
import { drawCover } from './cover.js';
import type { Part } from './document.js';
import type { Paper } from './paper.js';
import { pointsOf, stepFor, summedBy, type Step } from './series.js';
import { changeText, numberText, percentText, shortAddress } from './text.js';
import { COLOURS } from './theme.js';

/**
 * The report of everything in a period: headline, badges, users, communities, and what each number counts. It shows the
 * numbers that the API answers for the same days and log position, and computes none of its own.
 */
export interface WholeFigures {
  readonly kind: 'whole';
  readonly range: DayRange;
  readonly seq: number;
  readonly atMs: number;
  readonly issuance: IssuanceMetrics;
  readonly community: CommunityMetrics;
  readonly users: UserMetrics;
  readonly distribution: DistributionMetrics;
  readonly metrics: CoreMetrics;
  readonly headline: readonly HeadlineItem[];
}

/** Of the headline, those on the cover. */
const ON_COVER: ReadonlySet<HeadlineMetric> = new Set<HeadlineMetric>(['badgesIssued', 'newUsers', 'newMembers']);

export const wholeParts = (figures: WholeFigures): Part[] => [
  [
    'Cover',
    (paper) =>
      drawCover(paper, {
        ...figures,
        filters: [],
        numbers: figures.headline
          .filter(({ metric }) => ON_COVER.has(metric))
          .map(({ metric, ...item }) => ({ ...item, label: HEADLINE_LABELS[metric] })),
        shape: pointsOf(figures.issuance.dailyIssuance),
      }),
  ],
  ['Headline', (paper) => drawHeadline(paper, figures)],
  ['Badges', (paper) => drawBadges(paper, figures)],
  ['Users', (paper) => drawUsers(paper, figures)],
  ['Communities', (paper) => drawCommunities(paper, figures)],
  ['Notes', (paper) => drawNotes(paper, figures)],
];

function drawHeadline(paper: Paper, { headline, metrics, issuance, users, community, range }: WholeFigures): void {
  section(paper, 'Headline', 'What happened in the period, beside as many days just before it.');
  numberCards(
    paper,
    headline.map((item) => ({ label: HEADLINE_LABELS[item.metric], value: numberText(item.value), ...compared(item) })),
  );
  const days = range.to - range.from + 1;
  const step = stepFor(days);
  chartCard(paper, 'Badges issued', `Badges minted, ${perStep(step)}, revoked ones included`, 210, (box) =>
    columns(paper, box, summedBy(step, pointsOf(issuance.dailyIssuance)), step, COLOURS.violet),
  );
  paper.y += 6;
  subtitle(paper, 'As of now', 'Totals of the whole history, whatever the period', 180);
  numberCards(paper, [
    {
      label: 'Badges issued',
      value: numberText(metrics.totalBadgesIssued),
      note: `${numberText(issuance.activeBadges)} held now`,
    },
    {
      label: 'Users',
      value: numberText(metrics.totalUsers),
      note: `${numberText(metrics.averageBadgesPerUser)} badges each`,
    },
    {
      label: 'Communities',
      value: numberText(metrics.totalCommunities),
      note: `${numberText(community.activeCommunities)} active`,
    },
    {
      label: 'Memberships',
      value: numberText(community.totalMembers),
      note: `${numberText(community.averageMembersPerCommunity)} per community`,
    },
    { label: 'Engagement', value: percentText(metrics.engagementRate), note: 'of users have a badge' },
    { label: 'Retention', value: percentText(users.retentionRate), note: 'came back after a month' },
  ]);
}

const perStep = (step: Step): string => `by ${step}`;

function drawBadges(paper: Paper, { distribution }: WholeFigures): void {
  section(paper, 'Badges', 'What is held, and which badges are given most.');
  const share = (label: string, count: number, percentage: number): Bar => ({ label, value: count, share: percentage });
  barCard(
    paper,
    'By category',
    'Badges held now',
    distribution.byCategory.map((each) => share(each.category, each.count, each.percentage)),
  );
  barCard(
    paper,
    'By level',
    'Badges held now',
    distribution.byLevel.map((each) => share(`Level ${each.level}`, each.count, each.percentage)),
  );
  titledTable(
    paper,
    'Top badges',
    'Templates by badges issued since the beginning',
    [
      { title: 'Badge', share: 0.42, text: ({ badgeName }) => badgeName },
      { title: 'Category', share: 0.22, text: ({ category }) => category },
      { title: 'Issued', share: 0.12, align: 'right', text: ({ issuedCount }) => numberText(issuedCount) },
      { title: 'Recipients', share: 0.12, align: 'right', text: ({ recipientCount }) => numberText(recipientCount) },
      { title: 'A day', share: 0.12, align: 'right', text: ({ issuanceRate }) => numberText(issuanceRate) },
    ],
    distribution.topBadges,
  );
  titledTable(
    paper,
    'Trending',
    'The average day of the last 7 against that of the last 30',
    [
      { title: 'Badge', share: 0.52, text: ({ badgeName }) => badgeName },
      {
        title: 'Last 7 days',
        share: 0.16,
        align: 'right',
        text: ({ issuanceLast7Days }) => numberText(issuanceLast7Days),
      },
      {
        title: 'Last 30 days',
        share: 0.16,
        align: 'right',
        text: ({ issuanceLast30Days }) => numberText(issuanceLast30Days),
      },
      { title: 'Growth', share: 0.16, align: 'right', text: ({ growth }) => changeText(growth) },
    ],
    distribution.trendingBadges,
  );
  titledTable(
    paper,
    'Issuers',
    'Who issued most since the beginning',
    [
      { title: 'Issuer', share: 0.6, text: ({ issuer }) => issuer },
      { title: 'Templates', share: 0.2, align: 'right', text: ({ uniqueBadges }) => numberText(uniqueBadges) },
      { title: 'Issued', share: 0.2, align: 'right', text: ({ totalIssued }) => numberText(totalIssued) },
    ],
    distribution.badgesByIssuer.slice(0, MAX_BARS),
  );
}

function drawUsers(paper: Paper, { users, range }: WholeFigures): void {
  section(paper, 'Users', 'Who came, and who received a badge.');
  const days = range.to - range.from + 1;
  const step = stepFor(days);
  chartCard(paper, 'Active and new users', 'Active: received a badge that day. New: first seen that day', 220, (box) =>
    lines(paper, box, [
      { name: 'Active users', points: pointsOf(users.dailyActiveUsers), colour: COLOURS.teal },
      { name: 'New users', points: pointsOf(users.dailyNewUsers), colour: COLOURS.violet },
    ]),
  );
  chartCard(paper, 'New users', `First seen, ${perStep(step)}`, 180, (box) =>
    columns(paper, box, summedBy(step, pointsOf(users.dailyNewUsers)), step, COLOURS.blue),
  );
  const { usersWithBadges, usersWithMultipleBadges, usersWithNoBadges } = users.userEngagement;
  numberCards(paper, [
    {
      label: 'With a badge',
      value: numberText(usersWithBadges),
      note: `${numberText(usersWithMultipleBadges)} with more than one`,
    },
    { label: 'Without a badge', value: numberText(usersWithNoBadges), note: 'seen, but never a recipient' },
    {
      label: 'Busiest hour',
      value: `${String(users.peakHour).padStart(2, '0')}:00`,
      note: 'UTC, over the last 30 days',
    },
  ]);
}

function drawCommunities(paper: Paper, { community, range }: WholeFigures): void {
  section(paper, 'Communities', 'How they grow, and which give most.');
  const days = range.to - range.from + 1;
  const step = stepFor(days);
  chartCard(paper, 'New members', `New memberships, ${perStep(step)}`, 200, (box) =>
    columns(paper, box, summedBy(step, pointsOf(community.memberGrowthTrend)), step, COLOURS.teal),
  );
  paper.y += 6;
  titledTable(
    paper,
    'Most active',
    'By badges that belong to them, since the beginning',
    [
      { title: 'Community', share: 0.36, text: ({ name }) => name },
      { title: 'Owner', share: 0.24, text: ({ owner }) => shortAddress(owner) },
      { title: 'State', share: 0.12, text: ({ active }) => (active ? 'active' : 'closed') },
      { title: 'Members', share: 0.14, align: 'right', text: ({ members }) => numberText(members) },
      { title: 'Badges', share: 0.14, align: 'right', text: ({ badgesIssued }) => numberText(badgesIssued) },
    ],
    community.mostActiveCommunities,
  );
}
