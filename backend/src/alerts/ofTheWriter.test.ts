import type { Alert } from '../contract/index.js';
import type { Alerts } from './alerts.js';
import { AlertsOfTheWriter } from './ofTheWriter.js';

/** Alerts that do nothing but say what is asked of them, made as the process begins to write and ceases to. */
describe('the alerts of a process that may write', () => {
  let said: string[];
  let made: number;
  let holdUp: Promise<void>;
  let writes: boolean;
  beforeEach(() => {
    writes = true;
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
  const names = async (alerts: AlertsOfTheWriter): Promise<string[]> => (await alerts.list()).map(({ name }) => name);
  const open = (): Promise<AlertsOfTheWriter> =>
    AlertsOfTheWriter.open({
      make,
      stored: {
        list: () => Promise.resolve([{ name: 'as stored' } as Alert]),
        get: (id) => Promise.resolve({ id, name: 'as stored' } as Alert),
        history: () => Promise.resolve({ items: [], next: null }),
      },
      writes: () => writes,
    });
  /** Reads them no further until it is called. */
  const holdReading = (): (() => void) => {
    let goOn = (): void => undefined;
    holdUp = new Promise((resolve) => (goOn = resolve));
    return () => goOn();
  };

  test('are not held against anything until it writes', async () => {
    await open();
    expect(said).toEqual([]);
  });

  test('are read anew each time that it begins, as another process may have changed them', async () => {
    const alerts = await open();
    for (const number of [2, 3]) {
      alerts.reign();
      // Also before they are begun: whoever is shown, or changes, those of before undoes what the other process did.
      expect(await names(alerts)).toEqual([`read ${number}`]);
      await alerts.begin();
      await alerts.folded([]);
      await alerts.end();
    }
    expect(said).toEqual(['start 2', 'folded 2', 'stop 2', 'start 3', 'folded 3', 'stop 3']);
  });

  test('are shown as they are stored while another process writes, whatever it has read of them itself', async () => {
    const alerts = await open();
    alerts.reign();
    await alerts.begin();
    expect(await names(alerts)).toEqual(['read 2']);
    // As a process that was stopped past its lease: it has not been told yet that it ceases.
    writes = false;
    expect([await names(alerts), (await alerts.get('one'))?.name]).toEqual([['as stored'], 'as stored']);
    await alerts.end();
    expect(await names(alerts)).toEqual(['as stored']);
  });

  test('are not started when it ceases to write while they are read', async () => {
    const alerts = await open();
    alerts.reign();
    const goOn = holdReading();
    const begun = alerts.begin();
    const ended = alerts.end();
    goOn();
    await Promise.all([begun, ended]);
    expect(said.filter((what) => what.startsWith('start'))).toEqual([]);
  });

  test('are started once, when it ceases and begins again while they are read', async () => {
    const alerts = await open();
    alerts.reign();
    const goOn = holdReading();
    const turns = [alerts.begin()];
    await new Promise(setImmediate);
    turns.push(alerts.end());
    alerts.reign();
    const asked = names(alerts);
    turns.push(alerts.begin());
    goOn();
    await Promise.all(turns);
    expect(await asked).toEqual(['read 3']);
    expect(said).toEqual(['stop 2', 'start 3']);
  });

  test('cannot be asked for while they cannot be read, and are read when they can', async () => {
    const alerts = await open();
    alerts.reign();
    holdUp = Promise.reject(new Error('the store is away'));
    await expect(alerts.begin()).rejects.toThrow('the store is away');
    await expect(alerts.list()).rejects.toThrow('the store is away');
    holdUp = Promise.resolve();
    await alerts.begin();
    expect([await names(alerts), said]).toEqual([['read 4'], ['start 4']]);
  });
});
