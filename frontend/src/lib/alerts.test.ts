import { ALERT_METRICS, ALERT_WINDOWS } from '../../../backend/src/contract/alerts';
import { conditionsOf, describeQuiet, METRIC_CHOICES, lengthOf, usesWindow, WINDOWS } from './alerts';

it('offers every metric that the service watches, each once', () => {
  expect(METRIC_CHOICES.map(({ id }) => id).toSorted()).toEqual([...ALERT_METRICS].toSorted());
});

it('offers every window, and asks how long it is where it has a length', () => {
  expect(WINDOWS.map(({ id }) => id)).toEqual([...ALERT_WINDOWS]);
  expect(WINDOWS.map(({ id }) => lengthOf(id))).toEqual(['hours', null, null, null, 'days', 'days']);
});

it('asks for days only where they matter, and of the chain only what it can answer', () => {
  expect(usesWindow('badgesIssued', 'above')).toBe(true);
  expect(usesWindow('badgesIssued', 'noData')).toBe(false);
  expect(usesWindow('totalUsers', 'above')).toBe(false);
  expect(usesWindow('totalUsers', 'rises')).toBe(true);
  expect(conditionsOf('chainStalled').map(({ id }) => id)).toEqual(['above', 'below']);
  expect(conditionsOf('activeBadges').map(({ id }) => id)).toEqual(['above', 'below', 'noData']);
  expect(conditionsOf('newUsers')).toHaveLength(5);
});

it('tells quiet hours as one would say them', () => {
  expect(describeQuiet({ days: [7, 6], from: '00:00', to: '00:00' })).toBe('Sat, Sun 00:00–24:00');
  expect(describeQuiet({ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:30' })).toBe(
    'daily 22:00–06:30 of the next day',
  );
});
