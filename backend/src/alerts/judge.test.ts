import type { AlertSettings } from '../contract/index.js';
import { judge, type Reading } from './judge.js';
import { isSilenced } from './silence.js';
import { alertMessage } from './message.js';
import { wrongSettings } from './rule.js';
import { windowsOf } from './window.js';
import { isoDate } from '../analyzers/calendar.js';

/** A Saturday noon. */
const NOW = Date.parse('2026-02-14T12:00:00Z');
const minutesAgo = (minutes: number): number => NOW - minutes * 60_000;

const SETTINGS: AlertSettings = {
  ...{ name: 'An alert', metric: 'badgesIssued', window: 'today', days: 7, hours: 1 },
  ...{ condition: 'above', threshold: 10 },
  ...{ clearAt: null, forSeconds: 0, clearForSeconds: 300, enabled: true, silencedUntil: null, quietHours: [] },
};
const reading = (read: Partial<Reading>): Reading => ({ value: null, previous: null, lastFactMs: null, ...read });

describe('a condition', () => {
  it.each([
    ['above', 10, null, { value: 11 }, 11, 'breached'],
    ['above', 10, null, { value: 10 }, 10, 'calm'],
    ['above', 10, 8, { value: 9 }, 9, 'between'],
    ['above', 10, 8, { value: 8 }, 8, 'calm'],
    ['below', 10, null, { value: 9 }, 9, 'breached'],
    ['below', 10, null, { value: 10 }, 10, 'calm'],
    ['below', 10, 12, { value: 11 }, 11, 'between'],
    ['rises', 50, null, { value: 16, previous: 10 }, 60, 'breached'],
    ['rises', 50, null, { value: 15, previous: 10 }, 50, 'calm'],
    ['rises', 50, 20, { value: 13, previous: 10 }, 30, 'between'],
    ['rises', 50, null, { value: 2, previous: 10 }, -80, 'calm'],
    ['rises', 50, null, { value: 5, previous: 0 }, null, 'unknown'],
    ['falls', 50, null, { value: 4, previous: 10 }, -60, 'breached'],
    ['falls', 50, null, { value: 5, previous: 10 }, -50, 'calm'],
    ['falls', 50, 20, { value: 7, previous: 10 }, -30, 'between'],
    ['falls', 50, null, { value: 5 }, null, 'unknown'],
    ['above', 0, null, {}, null, 'unknown'],
    ['noData', 30, null, { lastFactMs: minutesAgo(30) }, 30, 'breached'],
    ['noData', 30, null, { lastFactMs: minutesAgo(29.9) }, 29, 'calm'],
    ['noData', 30, null, { lastFactMs: minutesAgo(-5) }, 0, 'calm'],
    // Nothing has ever come: silence counts from when the alert was set.
    ['noData', 90, null, {}, 60, 'calm'],
    ['noData', 60, null, {}, 60, 'breached'],
    ['noData', 1, null, { lastFactMs: undefined }, null, 'unknown'],
  ] as const)('%s %d (clear at %j) with %j is %j: %s', (condition, threshold, clearAt, read, figure, verdict) => {
    const judged = judge({ condition, threshold, clearAt }, reading(read), minutesAgo(60), NOW);
    expect(judged).toEqual({ figure, verdict });
  });
});

describe('the days of a window', () => {
  it.each([
    ['today', 7, NOW, '2026-02-14 – 2026-02-14', '2026-02-13 – 2026-02-13'],
    ['lastDays', 7, NOW, '2026-02-08 – 2026-02-14', '2026-02-01 – 2026-02-07'],
    ['fullDays', 7, NOW, '2026-02-07 – 2026-02-13', '2026-01-31 – 2026-02-06'],
    ['thisWeek', 7, NOW, '2026-02-09 – 2026-02-14', '2026-02-02 – 2026-02-07'],
    ['thisMonth', 7, NOW, '2026-02-01 – 2026-02-14', '2026-01-01 – 2026-01-14'],
    // A month before that is shorter is taken whole.
    ['thisMonth', 7, Date.parse('2026-03-31T00:00:00Z'), '2026-03-01 – 2026-03-31', '2026-02-01 – 2026-02-28'],
    ['today', 7, Date.parse('2026-02-14T23:59:59.999Z'), '2026-02-14 – 2026-02-14', '2026-02-13 – 2026-02-13'],
    ['today', 7, Date.parse('2026-02-15T00:00:00Z'), '2026-02-15 – 2026-02-15', '2026-02-14 – 2026-02-14'],
  ] as const)('%s (%d days) at %d are %s, compared with %s', (window, days, now, current, previous) => {
    const windows = windowsOf({ window, days }, now);
    const text = ({ from, to }: { from: number; to: number }): string => `${isoDate(from)} – ${isoDate(to)}`;
    expect([text(windows.current), text(windows.previous)]).toEqual([current, previous]);
  });
});

describe('silence', () => {
  const quiet = (at: string, more: Partial<AlertSettings>): boolean =>
    isSilenced({ ...SETTINGS, ...more }, Date.parse(at));

  it('ends at its moment', () => {
    const silencedUntil = '2026-02-14T12:00:00Z';
    expect(quiet('2026-02-14T11:59:59.999Z', { silencedUntil })).toBe(true);
    expect(quiet('2026-02-14T12:00:00Z', { silencedUntil })).toBe(false);
  });

  it('comes every week on the days that the time begins on, past midnight too', () => {
    const quietHours = [{ days: [5], from: '22:00', to: '06:30' }];
    const told = ['13T21:59', '13T22:00', '13T23:59', '14T00:00', '14T06:29', '14T06:30', '14T22:00', '20T22:00'].map(
      (time) => [time, quiet(`2026-02-${time}:00Z`, { quietHours })],
    );
    // The 13th and the 20th are Fridays.
    expect(Object.fromEntries(told)).toEqual({
      '13T21:59': false,
      '13T22:00': true,
      '13T23:59': true,
      '14T00:00': true,
      '14T06:29': true,
      '14T06:30': false,
      '14T22:00': false,
      '20T22:00': true,
    });
    const lunch = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:00', to: '13:00' }];
    expect(quiet('2026-02-15T12:59:00Z', { quietHours: lunch })).toBe(true);
    expect(quiet('2026-02-15T13:00:00Z', { quietHours: lunch })).toBe(false);
  });
});

describe('settings that do not go together', () => {
  it.each([
    [
      { metric: 'activeBadges', condition: 'falls' },
      'condition',
      'must be one of above, below, noData for activeBadges',
    ],
    [{ metric: 'chainStalled', condition: 'rises' }, 'condition', 'must be one of above, below for chainStalled'],
    [
      { condition: 'noData', threshold: 0.5 },
      'threshold',
      'must be a whole number of minutes from 1 to 43200 for noData',
    ],
    [{ condition: 'noData', threshold: 5, clearAt: 1 }, 'clearAt', 'must be null for noData: the next fact ends it'],
    [{ clearAt: 11 }, 'clearAt', 'must be at most the threshold of 10 for above'],
    [{ condition: 'below', clearAt: 9 }, 'clearAt', 'must be at least the threshold of 10 for below'],
  ] as const)('%j: %s', (more, field, message) => {
    expect(wrongSettings({ ...SETTINGS, ...more })).toEqual([{ field, message }]);
  });

  it('are none of these', () => {
    expect(wrongSettings({ ...SETTINGS, clearAt: 10 })).toEqual([]);
    expect(wrongSettings({ ...SETTINGS, condition: 'below', clearAt: 20 })).toEqual([]);
    expect(wrongSettings({ ...SETTINGS, metric: 'chainLagMinutes' })).toEqual([]);
  });
});

describe('the sentence', () => {
  it.each([
    [{}, 12, 'Badges issued today: 12 (alert above 10)'],
    [{ window: 'fullDays', days: 1, condition: 'below' }, 3, 'Badges issued yesterday: 3 (alert below 10)'],
    [{ window: 'lastHours' }, 12, 'Badges issued in the last hour: 12 (alert above 10)'],
    [
      { window: 'lastHours', hours: 6, condition: 'rises' },
      20,
      'Badges issued in the last 6 hours: +20 % against the 6 hours before (alert when it rises by more than 10 %)',
    ],
    [
      { window: 'thisWeek', condition: 'falls' },
      -62.5,
      'Badges issued this week: -62.5 % against the same days of the week before (alert when it falls by more than 10 %)',
    ],
    [
      { metric: 'totalUsers', condition: 'rises', window: 'lastDays' },
      25,
      'Users in all: +25 % against the 7 days before (alert when it rises by more than 10 %)',
    ],
    [{ condition: 'noData', threshold: 90 }, 200, 'Badges issued: nothing new for 3 h 20 min (alert after 1 h 30 min)'],
    [{ condition: 'noData', threshold: 1 }, 3000, 'Badges issued: nothing new for 2 days 2 h (alert after 1 minute)'],
    [{ metric: 'chainLagMinutes' }, null, 'Minutes since the last block: not known (alert above 10)'],
  ] as const)('of %j at %j', (more, figure, text) => {
    expect(alertMessage({ ...SETTINGS, ...more }, figure)).toBe(text);
  });
});
