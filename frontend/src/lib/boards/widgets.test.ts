import { QUERY_METRICS } from '../../../../backend/src/contract/query';
import { filteredBy, filtersOf, queryPathOf, withFilter, withoutFilter, type MeasuredWidget } from './widgets';

const WIDGET: MeasuredWidget = {
  ...{ id: 'a', x: 0, y: 0, w: 3, h: 2 },
  ...{ kind: 'number', metric: 'badgesIssued', compare: 'none' },
};

it('offers the filters that the service knows, for every metric', () => {
  for (const [metric, { dimensions }] of Object.entries(QUERY_METRICS))
    expect(filtersOf(metric as keyof typeof QUERY_METRICS)).toEqual(dimensions);
});

it('asks for what it is filtered by, and says so', () => {
  const level = withFilter(WIDGET, 'level', { id: '3', name: 'Level 3' });
  const both = withFilter(withFilter(level, 'level', { id: '4', name: 'Level 4' }), 'category', {
    id: 'skill',
    name: 'Skill',
  });
  expect(both.filters).toEqual({ level: [3, 4], category: ['skill'] });
  expect(filteredBy(both)).toBe(' Only Level 3 or Level 4, Skill.');
  expect(queryPathOf(both, { preset: '7d' }, '2026-02-14', 5)).toContain('&level=3&level=4&category=skill');
  expect(withFilter(both, 'level', { id: '3', name: 'Level 3' })).toBe(both);
});

it('takes the name of a badge into its title, unless it has one', () => {
  const found = { id: '7', name: 'Mentor' };
  expect(withFilter(WIDGET, 'badge', found).title).toBe('Badges issued: Mentor');
  expect(withFilter({ ...WIDGET, title: 'Mine' }, 'badge', found).title).toBe('Mine');
});

it('has no filters left when the last one is removed', () => {
  const level = withFilter(WIDGET, 'level', { id: '3', name: 'Level 3' });
  expect(withoutFilter(level, 'level', '3')).toEqual(WIDGET);
});
