import { percentage } from '../analyzers/numbers.js';
import { HEADLINE_LABELS, type QueryDimension, type QueryMetric, type QuerySeries } from '../contract/index.js';
import type { NamedFilter } from '../query/filterNames.js';
import { barCard, chartCard, compared, drawNotes, numberCards, section, titledTable } from './blocks.js';
import { columns, lines } from './charts.js';
import { drawCover } from './cover.js';
import type { Part } from './document.js';
import type { Answer, FilteredFigures } from './filteredFigures.js';
import type { Paper } from './paper.js';
import { bucketPoints, type Point } from './series.js';
import { changeText, numberText } from './text.js';
import { COLOURS } from './theme.js';

/** The report of what filters let through in a period: headline, course, and what is in it. */
const METRICS: Readonly<Record<QueryMetric, string>> = {
  ...HEADLINE_LABELS,
  activeIssuers: 'Active issuers',
  totalBadgesIssued: 'Badges issued',
  activeBadges: 'Badges held',
  totalUsers: 'Users',
  totalCommunities: 'Communities',
  totalMembers: 'Memberships',
};
const DIMENSIONS: Readonly<Record<QueryDimension, string>> = {
  category: 'Category',
  level: 'Level',
  badge: 'Badge',
  issuer: 'Issuer',
  community: 'Community',
  user: 'User',
  weekday: 'Weekday',
  hour: 'Hour',
};
/** Dimensions with few values; of the others there is a table. */
const BARS: ReadonlySet<string> = new Set(['category', 'level']);
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const filteredParts = (figures: FilteredFigures): Part[] => [
  [
    'Cover',
    (paper) =>
      drawCover(paper, {
        ...figures,
        filters: figures.filters.map(filterText),
        numbers: figures.flows.map((answer) => ({ ...comparedTotal(answer), label: METRICS[answer.metric] })),
        shape: pointsOf(figures, 'badgesIssued'),
      }),
  ],
  ['Headline', (paper) => drawHeadline(paper, figures)],
  ['Badges', (paper) => drawGroups(paper, figures)],
  ['Notes', (paper) => drawNotes(paper, figures, [notesOf(figures)])],
];

/** `Category: education or events`. */
function filterText({ dimension, values }: NamedFilter): string {
  const said = dimension === 'weekday' ? values.map((day) => WEEKDAYS[Number(day) - 1] ?? day) : values;
  return `${DIMENSIONS[dimension]}: ${said.join(' or ')}`;
}

const notesOf = ({ filters }: FilteredFigures): string =>
  `Only what passes every filter is counted (${filters.map(filterText).join('; ')}); a number that one of them does not apply to is left out.`;

const comparedTotal = ({ total, previous }: Answer | QuerySeries) => ({
  value: total,
  previous: previous?.total ?? 0,
  change: previous?.change ?? null,
});

function pointsOf({ flows, step, range }: FilteredFigures, metric: QueryMetric): Point[] {
  return bucketPoints(step, range, flows.find((answer) => answer.metric === metric)?.values ?? []);
}

function drawHeadline(paper: Paper, figures: FilteredFigures): void {
  const { flows, standing, step } = figures;
  const cards = (answers: readonly Answer[]) =>
    numberCards(
      paper,
      answers.map((answer) => ({
        label: METRICS[answer.metric],
        value: numberText(answer.total),
        ...compared(comparedTotal(answer)),
      })),
    );
  section(paper, 'Headline', 'What happened in the period, beside as many days just before it.');
  cards(flows);
  chartCard(paper, 'Badges issued', `Badges minted, by ${step}, revoked ones included`, 210, (box) =>
    columns(paper, box, pointsOf(figures, 'badgesIssued'), step, COLOURS.violet),
  );
  chartCard(paper, 'People', `Distinct recipients and issuers, by ${step}`, 200, (box) =>
    lines(paper, box, [
      { name: 'Active users', points: pointsOf(figures, 'activeUsers'), colour: COLOURS.teal },
      { name: 'Active issuers', points: pointsOf(figures, 'activeIssuers'), colour: COLOURS.amber },
    ]),
  );
  if (standing.length === 0) return;
  section(paper, 'At the end of the period', 'Everything until then, beside what it was as many days earlier.');
  cards(standing);
}

function drawGroups(paper: Paper, { groups }: FilteredFigures): void {
  section(paper, 'Badges issued in the period', 'What they are, and whose.');
  for (const answer of groups) {
    const { groupBy, series, total, groups: all } = answer;
    if (groupBy === 'none') continue;
    const title = `By ${DIMENSIONS[groupBy].toLowerCase()}`;
    if (BARS.has(groupBy))
      barCard(
        paper,
        title,
        'Badges issued, and their share',
        series.map((one) => ({
          label: groupBy === 'level' ? `Level ${one.name}` : one.name,
          value: one.total,
          share: percentage(one.total, total),
        })),
      );
    else
      titledTable(
        paper,
        title,
        all > series.length ? `The ${series.length} with most of ${numberText(all)}` : 'All of them',
        [
          { title: DIMENSIONS[groupBy], share: 0.55, text: ({ name }) => name },
          { title: 'Issued', share: 0.15, align: 'right', text: ({ total: issued }) => numberText(issued) },
          { title: 'Before', share: 0.15, align: 'right', text: (row) => numberText(comparedTotal(row).previous) },
          { title: 'Change', share: 0.15, align: 'right', text: (row) => changed(comparedTotal(row)) },
        ],
        series,
      );
  }
}

const changed = ({ change }: { readonly change: number | null }): string =>
  change === null ? 'new' : changeText(change);
