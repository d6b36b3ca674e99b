import { ALERT_METRICS } from '../../../backend/src/contract/alerts';
import { conditionsOf, METRIC_CHOICES, usesWindow } from './alerts';

it('offers every metric that the service watches, each once', () => {
  expect(METRIC_CHOICES.map(({ id }) => id).toSorted()).toEqual([...ALERT_METRICS].toSorted());
});

it('asks for days only where they matter, and of the chain only what it can answer', () => {
  expect(usesWindow('badgesIssued', 'above')).toBe(true);
  expect(usesWindow('badgesIssued', 'noData')).toBe(false);
  expect(usesWindow('totalUsers', 'above')).toBe(false);
  expect(usesWindow('totalUsers', 'rises')).toBe(true);
  expect(conditionsOf('chainStalled').map(({ id }) => id)).toEqual(['above', 'below']);
  expect(conditionsOf('newUsers')).toHaveLength(5);
});
