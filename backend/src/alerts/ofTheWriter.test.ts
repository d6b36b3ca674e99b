import type { Alert } from '../contract/index.js';
import type { Alerts } from './alerts.js';
import { AlertsOfTheWriter } from './ofTheWriter.js';

/** Alerts that do nothing but say what is asked of them, made as the process begins to write and ceases to. */
describe('the alerts of a process that may write', () => {
  let said: string[];
  let made: number;
  let holdUp: Promise<void>;
  beforeEach(() => {
    said = [];
    made = 0;
    holdUp = Promise.resolve();
  });
  const make = async (): Promise<Alerts> => {
    const number = (made += 1);
    await holdUp;
    return {
      start: async () => void said.push(`start ${number}`),
      stop: async () => void said.push(`stop ${number}`),
      folded: async () => void said.push(`folded ${number}`),
      list: () => [{ name: `read ${number}` } as Alert],
    } as unknown as Alerts;
  };
  const names = (alerts: AlertsOfTheWriter): string[] => alerts.list().map(({ name }) => name);

  test('are shown from the start, and not held against anything until it writes', async () => {
    const alerts = await AlertsOfTheWriter.open(make);
    expect([names(alerts), said]).toEqual([['read 1'], []]);
  });

  test('are read anew each time that it begins, as another process may have changed them', async () => {
    const alerts = await AlertsOfTheWriter.open(make);
    await alerts.begin();
    await alerts.folded([]);
    await alerts.end();
    await alerts.begin();
    await alerts.folded([]);
    expect(names(alerts)).toEqual(['read 3']);
    expect(said).toEqual(['start 2', 'folded 2', 'stop 2', 'start 3', 'folded 3']);
  });

  test('are not started when it ceases to write while they are read', async () => {
    const alerts = await AlertsOfTheWriter.open(make);
    let goOn = (): void => undefined;
    holdUp = new Promise((resolve) => (goOn = resolve));
    const begun = alerts.begin();
    await alerts.end();
    goOn();
    await begun;
    expect(said).toEqual(['stop 1']);
  });

  test('are those of before when they cannot be read', async () => {
    const alerts = await AlertsOfTheWriter.open(make);
    holdUp = Promise.reject(new Error('the store is away'));
    await expect(alerts.begin()).rejects.toThrow('the store is away');
    expect([names(alerts), said]).toEqual([['read 1'], []]);
  });
});
