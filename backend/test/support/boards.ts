import type { BoardContent, Widget } from '../../src/contract/index.js';

/** A board with a widget of each kind, and what a link to it must be good for. */
export const WIDGETS: readonly Widget[] = [
  { id: 'issued', kind: 'number', x: 0, y: 0, w: 3, h: 2, metric: 'badgesIssued', compare: 'previous' },
  {
    id: 'course',
    kind: 'series',
    x: 3,
    y: 0,
    w: 9,
    h: 4,
    title: 'Issued by category',
    metric: 'badgesIssued',
    shape: 'line',
    interval: 'day',
    groupBy: 'category',
    compare: 'none',
    range: { preset: '90d' },
  },
  {
    id: 'issuers',
    kind: 'ranking',
    x: 0,
    y: 4,
    w: 6,
    h: 4,
    metric: 'badgesIssued',
    groupBy: 'issuer',
    limit: 8,
    filters: { category: ['education', 'community'], level: [1, 2] },
  },
  { id: 'feed', kind: 'activity', x: 6, y: 4, w: 6, h: 4, type: 'badge_issued' },
  { id: 'back', kind: 'cohorts', x: 0, y: 8, w: 6, h: 4 },
  { id: 'tip', kind: 'chain', x: 6, y: 8, w: 6, h: 2 },
  { id: 'word', kind: 'note', x: 6, y: 10, w: 6, h: 2, text: 'Thursday: the hackathon' },
];

export const BOARD: BoardContent = { name: 'Lobby', range: { preset: '30d' }, widgets: [...WIDGETS] };
