import type { DayRange } from '../analyzers/calendar.js';
import type {
  CommunityMetrics,
  CoreMetrics,
  DistributionMetrics,
  HeadlineItem,
  HeadlineMetric,
  IssuanceMetrics,
  UserMetrics,
} from '../contract/index.js';
import { bars, BAR_HEIGHT, columns, lines, type Bar, type Box } from './charts.js';
import { drawCover } from './cover.js';
import { Paper } from './paper.js';
import { pointsOf, stepFor, summedBy, type Step } from './series.js';
import { table, tableHeight } from './table.js';
import { changeText, momentText, numberText, percentText, periodText, shortAddress } from './text.js';
import { COLOURS, CONTENT_WIDTH, PAGE } from './theme.js';

/**
 * The report of a period: cover, headline, badges, users, communities, and what each number counts. It shows the numbers
 * that the API answers for the same days and log position, in the dashboard's look, and computes none of its own.
 */
export interface ReportFigures {
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

/** Told before each part is drawn, so that others can have their turn. @param progress in % */
export type OnStep = (step: string, progress: number) => Promise<void>;

const HEADLINES: Readonly<Record<HeadlineMetric, string>> = {
  badgesIssued: 'Badges issued',
  badgesRevoked: 'Badges revoked',
  newUsers: 'New users',
  activeUsers: 'Active users',
  newCommunities: 'New communities',
  newMembers: 'New members',
};
const PALETTE = [COLOURS.violet, COLOURS.teal, COLOURS.amber, COLOURS.raspberry, COLOURS.blue, COLOURS.slate];
const GAP = 14;
const MAX_BARS = 10;

/** @returns the PDF */
export async function drawReport(figures: ReportFigures, onStep: OnStep): Promise<Buffer> {
  const period = periodText(figures.range.from, figures.range.to);
  const paper = new Paper({ title: `PassportX Analytics, ${period}`, createdAtMs: figures.atMs });
  const parts: [string, (paper: Paper, figures: ReportFigures) => void][] = [
    ['Cover', drawCover],
    ['Headline', drawHeadline],
    ['Badges', drawBadges],
    ['Users', drawUsers],
    ['Communities', drawCommunities],
    ['Notes', drawNotes],
  ];
  for (const [index, [name, draw]] of parts.entries()) {
    await onStep(name, Math.round((100 * index) / (parts.length + 1)));
    draw(paper, figures);
  }
  await onStep('Writing the file', Math.round((100 * parts.length) / (parts.length + 1)));
  paper.onEachPage((page, pages) => {
    const y = PAGE.height - 34;
    paper.rule(PAGE.margin, y - 8, CONTENT_WIDTH);
    paper.text(`PassportX Analytics · ${period}`, PAGE.margin, y, { size: 7.5, colour: COLOURS.ink3, width: 400 });
    paper.text(`${page} / ${pages}`, PAGE.margin, y, { size: 7.5, colour: COLOURS.ink3, align: 'right' });
  });
  return paper.end();
}

function section(paper: Paper, title: string, note: string): void {
  paper.newPage();
  paper.text(title, PAGE.margin, paper.y, { font: 'bold', size: 20 });
  paper.text(note, PAGE.margin, paper.y + 28, { size: 9.5, colour: COLOURS.ink2 });
  paper.y += 58;
}

function subtitle(paper: Paper, title: string, note: string, needs: number): void {
  paper.need(needs + 44);
  paper.text(title, PAGE.margin, paper.y, { font: 'semibold', size: 11.5 });
  paper.text(note, PAGE.margin, paper.y + 16, { size: 8.5, colour: COLOURS.ink3 });
  paper.y += 34;
}

/** A card with a title, what it counts, and a chart in it. */
function chartCard(paper: Paper, title: string, note: string, height: number, draw: (box: Box) => void): void {
  paper.need(height + GAP);
  paper.card(PAGE.margin, paper.y, CONTENT_WIDTH, height);
  paper.text(title, PAGE.margin + 16, paper.y + 14, { font: 'semibold', size: 10.5, width: CONTENT_WIDTH - 32 });
  paper.text(note, PAGE.margin + 16, paper.y + 29, { size: 8, colour: COLOURS.ink3, width: CONTENT_WIDTH - 32 });
  draw({ x: PAGE.margin + 16, y: paper.y + 48, width: CONTENT_WIDTH - 32, height: height - 60 });
  paper.y += height + GAP;
}

/** Cards side by side, three in a row. */
function numberCards(
  paper: Paper,
  cards: readonly { label: string; value: string; note: string; colour?: string }[],
): void {
  const [width, height] = [(CONTENT_WIDTH - 2 * GAP) / 3, 78];
  for (const [index, { label, value, note, colour }] of cards.entries()) {
    if (index % 3 === 0) paper.need(height);
    const x = PAGE.margin + (index % 3) * (width + GAP);
    paper.card(x, paper.y, width, height);
    paper.text(label, x + 14, paper.y + 12, { size: 8.5, colour: COLOURS.ink2, width: width - 28 });
    paper.text(value, x + 14, paper.y + 26, { font: 'semibold', size: 21, width: width - 28 });
    paper.text(note, x + 14, paper.y + 56, { size: 8, colour: colour ?? COLOURS.ink3, width: width - 28 });
    if (index % 3 === 2 || index === cards.length - 1) paper.y += height + GAP;
  }
}

function drawHeadline(paper: Paper, { headline, metrics, issuance, users, community, range }: ReportFigures): void {
  section(paper, 'Headline', 'What happened in the period, beside as many days just before it.');
  numberCards(
    paper,
    headline.map(({ metric, value, previous, change }) => ({
      label: HEADLINES[metric],
      value: numberText(value),
      note:
        change === null ? `before: ${numberText(previous)}` : `${changeText(change)}, before: ${numberText(previous)}`,
      colour: change === null || change === 0 ? COLOURS.ink3 : change > 0 ? COLOURS.up : COLOURS.down,
    })),
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

function drawBadges(paper: Paper, { distribution, issuance }: ReportFigures): void {
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
  subtitle(
    paper,
    'Top badges',
    'Templates by badges issued since the beginning',
    tableHeight(Math.min(5, issuance.topBadges.length)),
  );
  table(
    paper,
    [
      { title: 'Badge', share: 0.42, text: ({ badgeName }) => badgeName },
      { title: 'Category', share: 0.22, text: ({ category }) => category },
      { title: 'Issued', share: 0.12, align: 'right', text: ({ issuedCount }) => numberText(issuedCount) },
      { title: 'Recipients', share: 0.12, align: 'right', text: ({ recipientCount }) => numberText(recipientCount) },
      { title: 'A day', share: 0.12, align: 'right', text: ({ issuanceRate }) => numberText(issuanceRate) },
    ],
    distribution.topBadges,
  );
  paper.y += 22;
  subtitle(
    paper,
    'Trending',
    'The average day of the last 7 against that of the last 30',
    tableHeight(Math.min(5, distribution.trendingBadges.length)),
  );
  table(
    paper,
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
  paper.y += 22;
  subtitle(
    paper,
    'Issuers',
    'Who issued most since the beginning',
    tableHeight(Math.min(5, distribution.badgesByIssuer.length)),
  );
  table(
    paper,
    [
      { title: 'Issuer', share: 0.6, text: ({ issuer }) => issuer },
      { title: 'Templates', share: 0.2, align: 'right', text: ({ uniqueBadges }) => numberText(uniqueBadges) },
      { title: 'Issued', share: 0.2, align: 'right', text: ({ totalIssued }) => numberText(totalIssued) },
    ],
    distribution.badgesByIssuer.slice(0, MAX_BARS),
  );
}

function barCard(paper: Paper, title: string, note: string, all: readonly Bar[]): void {
  const shown = all.slice(0, MAX_BARS);
  const rest = all.length > shown.length ? `, the ${MAX_BARS} largest of ${all.length}` : '';
  chartCard(paper, title, note + rest, 66 + Math.max(1, shown.length) * BAR_HEIGHT, (box) => {
    if (shown.length === 0) paper.text('None yet.', box.x, box.y + 2, { size: 9, colour: COLOURS.ink3 });
    else bars(paper, box, shown, PALETTE);
  });
}

function drawUsers(paper: Paper, { users, range }: ReportFigures): void {
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

function drawCommunities(paper: Paper, { community, range }: ReportFigures): void {
  section(paper, 'Communities', 'How they grow, and which give most.');
  const days = range.to - range.from + 1;
  const step = stepFor(days);
  chartCard(paper, 'New members', `New memberships, ${perStep(step)}`, 200, (box) =>
    columns(paper, box, summedBy(step, pointsOf(community.memberGrowthTrend)), step, COLOURS.teal),
  );
  paper.y += 6;
  subtitle(paper, 'Most active', 'By badges that belong to them, since the beginning', tableHeight(5));
  table(
    paper,
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

function drawNotes(paper: Paper, { seq, atMs, range }: ReportFigures): void {
  paper.need(150);
  paper.y += 26;
  paper.text('How to read this', PAGE.margin, paper.y, { font: 'semibold', size: 11.5 });
  paper.y += 20;
  const notes = [
    `Days are UTC and go by block time, both ends included: ${periodText(range.from, range.to)}.`,
    'A badge counts once, on the fork of the chain that counts; one that was revoked later was still issued.',
    'A user is whoever received a badge, created, joined or took over a community, or joined PassportX.',
    `Everything is as of log position ${numberText(seq)}, ${momentText(atMs)}: the API answered the same numbers then.`,
  ];
  for (const note of notes) paper.y += paper.paragraph(note, PAGE.margin, paper.y) + 5;
}
