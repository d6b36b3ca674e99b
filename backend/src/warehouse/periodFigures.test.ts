import { happen, mint, template } from '../../test/support/history.js';
import {
  removeDirectory,
  startSnapshots,
  temporaryDirectory,
  type SnapshotService,
} from '../../test/support/snapshotService.js';
import { MS_PER_DAY } from '../analyzers/calendar.js';
import { derivePeriods, type PeriodFigures } from './periodFigures.js';

const FIRST_MS = Date.parse('2026-02-08T00:00:00Z');

describe('a run of days', () => {
  let dir: string;
  let service: SnapshotService;

  beforeEach(async () => {
    dir = await temporaryDirectory();
    service = await startSnapshots(dir, '2026-02-11T12:30:00.000Z');
  });
  afterEach(async () => {
    await service.stop();
    await removeDirectory(dir);
  });

  /** Of four days, the last of which is open. */
  async function figures(): Promise<PeriodFigures[]> {
    const { warehouse, store } = service;
    await warehouse.catchUp(store.log);
    const run = { firstMs: FIRST_MS, lengthMs: MS_PER_DAY, count: 4, asOfMs: FIRST_MS + 3.5 * MS_PER_DAY };
    return derivePeriods(warehouse, FIRST_MS, (derivation) => derivation.figures(run));
  }

  it('takes from each template what it said on the day, also from one that is made, or displaced, between two', async () => {
    const { log } = service.store;
    await happen(log, { block: '7', at: '2026-02-01T00:00:00Z' }, template('2', 'Old', 'craft', 2));
    await happen(
      log,
      { block: '1', at: '2026-02-08T10:00:00Z' },
      mint('1', 'bob'),
      mint('2', 'carol', { templateId: '2' }),
    );
    await happen(log, { block: '5', at: '2026-02-09T10:00:00Z' }, template('1', 'Gold', 'learning', 1));
    // Of lower blocks: by the order of the chain they are the first ones.
    const tenth = { block: '3', at: '2026-02-10T10:00:00Z' };
    await happen(log, tenth, template('1', 'First', 'skill', 5), template('2', 'Older', 'art', 3));
    const steady = { templateId: '3', recipient: 'erin' };
    await happen(
      log,
      { block: '6', at: '2026-02-01T00:00:00Z' },
      template('3', 'Steady', 'sport', 4),
      mint('4', 'erin', steady),
    );
    const last = [
      mint('3', 'dave', { category: 'own', level: 7 }),
      mint('5', 'erin', { ...steady, category: 'sport', level: 4 }),
    ];
    await happen(
      log,
      { block: '8', at: '2026-02-11T10:00:00Z' },
      ...last,
      mint('6', 'erin', { templateId: 'unheard of' }),
    );

    const days = await figures();
    const sharesOf = (part: 'byCategory' | 'byLevel') =>
      days.map((day) => Object.fromEntries(day[part].map(({ key, held }) => [key, held])));
    expect(sharesOf('byCategory')).toEqual([
      { unknown: 1, craft: 1, sport: 1 },
      { learning: 1, craft: 1, sport: 1 },
      { skill: 1, art: 1, sport: 1 },
      { skill: 1, art: 1, sport: 2, own: 1, unknown: 1 },
    ]);
    expect(sharesOf('byLevel')).toEqual([
      { 0: 1, 2: 1, 4: 1 },
      { 1: 1, 2: 1, 4: 1 },
      { 5: 1, 3: 1, 4: 1 },
      { 5: 1, 3: 1, 4: 2, 7: 1, 0: 1 },
    ]);
    const namesOf = ({ topBadges }: PeriodFigures) =>
      Object.fromEntries(topBadges.map(({ name, issued }) => [name, issued]));
    expect(days.map(namesOf)).toEqual([
      { 'Badge 1': 1, Old: 1, Steady: 1 },
      { Gold: 1, Old: 1, Steady: 1 },
      { First: 1, Older: 1, Steady: 1 },
      { First: 2, Older: 1, Steady: 2, 'Badge unheard of': 1 },
    ]);
  });

  it('tells what was issued in the last thirty days of each', async () => {
    const { log } = service.store;
    // The first of the thirty days of the ninth, and the day before it.
    await happen(log, { block: '1', at: '2026-01-11T00:00:00Z' }, mint('1', 'bob'));
    await happen(log, { block: '2', at: '2026-01-10T23:59:59Z' }, mint('2', 'bob'));
    await happen(log, { block: '3', at: '2026-02-09T10:00:00Z' }, mint('3', 'bob'));
    expect((await figures()).map(({ topBadges }) => topBadges.map(({ issued, recent }) => [issued, recent]))).toEqual([
      [[2, 2]],
      [[3, 2]],
      [[3, 1]],
      [[3, 1]],
    ]);
  });
});
