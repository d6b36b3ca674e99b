import { pino } from 'pino';
import { wordIn } from './cluster/word.js';
import type { AlertNotice, SnapshotRecorded } from './contract/index.js';
import { MemberDuties, type DutyParts } from './duties.js';

test('alerts that cannot be begun are begun as soon as they can, while the process writes', async () => {
  let attempts = 0;
  const begun = new Promise<void>((resolve) => {
    const writer = duties({
      folded: Promise.resolve(),
      beginAlerts: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('the store is away');
        resolve();
      },
    });
    writer.reign();
  });
  await begun;
  expect(attempts).toBe(2);
});

/** One process writes, the other hears its word, which goes through the database as JSON. */
describe('what the writer tells the others', () => {
  let notices: AlertNotice[];
  let snapshots: SnapshotRecorded[];
  let alerts: number;
  let boards: number;
  let recounts: number;
  let reader: MemberDuties;
  beforeEach(() => {
    notices = [];
    snapshots = [];
    alerts = boards = recounts = 0;
    reader = duties({
      quarantine: { changes: 0, recount: () => (recounts += 1) },
      onNotice: (notice) => notices.push(notice),
      onSnapshot: (recorded) => snapshots.push(recorded),
      onAlerts: () => (alerts += 1),
      onBoards: () => (boards += 1),
    });
  });

  const writing = (): MemberDuties => {
    const writer = duties({});
    writer.reign();
    return writer;
  };
  const hear = (writer: MemberDuties): void => {
    const word = wordIn(JSON.stringify(writer.tell()));
    if (word === undefined) throw new Error('the word is not understood');
    reader.hear(word);
  };

  test('an alert that fired and a snapshot reach the others once', () => {
    const writer = writing();
    hear(writer);
    writer.noticed(notice(1));
    writer.recorded({ period: 'daily', timestamp: '2026-02-01T00:00:00.000Z' });
    hear(writer);
    hear(writer);
    expect(notices).toEqual([notice(1)]);
    expect(snapshots).toEqual([{ period: 'daily', timestamp: '2026-02-01T00:00:00.000Z' }]);
  });

  test('what was last held against the thresholds of alerts is shown by the others', () => {
    const seen = [{ id: 'quiet', watched: 'badgesIssued today 1 1 below true', figure: 0, atMs: 1_770_000_000_000 }];
    const writer = duties({ seenByAlerts: () => seen });
    writer.reign();
    expect(reader.seenByAlerts()).toEqual([]);
    hear(writer);
    expect(reader.seenByAlerts()).toEqual(seen);
  });

  test('where the log ends, which a reader that has not come so far knows then', () => {
    const end = { head: 0 };
    const writer = duties({ log: end });
    reader = duties({ log: { head: 40 } });
    for (const [told, known] of [
      [30, 40],
      [1_000, 1_000],
    ] as const) {
      end.head = told;
      hear(writer);
      expect(reader.head()).toBe(known);
    }
    // A writer of an older version tells everything else.
    const { head: _, ...older } = writer.tell();
    expect(wordIn(JSON.stringify(older))).toEqual(older);
  });

  test('where the log ends, of which the one that writes next believes nothing: it knows its own', () => {
    const next = duties({ log: { head: 40 } });
    next.hear(duties({ log: { head: 1_000 } }).tell());
    expect(next.head()).toBe(1_000);
    next.reign();
    expect(next.head()).toBe(40);
  });

  test('is news until it is told', () => {
    const writer = writing();
    for (const happen of [
      () => writer.noticed(notice(1)),
      () => writer.recorded({ period: 'daily', timestamp: '2026-02-01T00:00:00.000Z' }),
      () => writer.boardChanged(),
    ]) {
      expect(writer.hasNews).toBe(false);
      happen();
      expect(writer.hasNews).toBe(true);
      // It may not get through: then it is told once more, and with it what came meanwhile.
      writer.tell();
      expect(writer.hasNews).toBe(true);
      writer.boardChanged();
      writer.told();
      expect(writer.hasNews).toBe(true);
      writer.tell();
      writer.told();
    }
  });

  test('what the writer did ends side by side: alerts and snapshots wait for no chain node', async () => {
    const ended: string[] = [];
    let answer = (): void => undefined;
    const writer = duties({
      observer: () => ({
        ...{ predicates: () => [], nodeTip: () => undefined },
        close: () => new Promise<void>((resolve) => (answer = resolve)),
      }),
      scheduler: () =>
        ({ stop: () => Promise.resolve(void ended.push('snapshots')) }) as unknown as ReturnType<
          DutyParts['scheduler']
        >,
      endAlerts: () => Promise.resolve(void ended.push('alerts')),
    });
    writer.reign();
    const abdicated = writer.abdicate();
    await new Promise(setImmediate);
    expect(ended.sort()).toEqual(['alerts', 'snapshots']);
    answer();
    await abdicated;
  });

  test('alerts are asked for when another process begins to write: one may have fired with nobody left to tell', () => {
    const first = writing();
    hear(first);
    alerts = 0;
    first.noticed(notice(1));
    hear(first);
    expect([notices, alerts]).toEqual([[notice(1)], 0]);
    first.noticed(notice(2));
    hear(writing());
    expect([notices, alerts]).toEqual([[notice(1)], 1]);
    // Its own viewers heard no more than those of the others.
    reader.reign();
    expect(alerts).toBe(2);
  });

  test('boards are looked at when one changed, and when another process begins to write', () => {
    const first = writing();
    hear(first);
    boards = 0;
    hear(first);
    expect(boards).toBe(0);
    first.boardChanged();
    hear(first);
    expect(boards).toBe(1);
    // It may have changed one more, and died before it told.
    const second = writing();
    second.boardChanged();
    hear(second);
    expect(boards).toBe(2);
  });

  test('the quarantine is counted anew when the writer has changed it, and when another process begins to write', () => {
    const kept = { changes: 3, recount: () => undefined };
    const first = duties({ quarantine: kept });
    first.reign();
    hear(first);
    expect(recounts).toBe(1);
    // Another word, of what else happened.
    first.boardChanged();
    hear(first);
    expect(recounts).toBe(1);
    kept.changes += 1;
    hear(first);
    expect(recounts).toBe(2);
    const second = duties({ quarantine: kept });
    second.reign();
    hear(second);
    expect(recounts).toBe(3);
  });

  test('how many alerts fire is as the writer says, until the process writes itself', async () => {
    let firing = 2;
    const writer = duties({ firing: () => firing });
    writer.reign();
    expect(reader.firing()).toBe(0);
    hear(writer);
    expect(reader.firing()).toBe(2);
    firing = 1;
    hear(writer);
    expect([writer.firing(), reader.firing()]).toEqual([1, 1]);
    // Its own are of the last time that it wrote, until they are begun anew.
    const next = duties({ firing: () => 0, folded: Promise.resolve() });
    next.hear(writer.tell());
    next.reign();
    expect([next.firing(), next.tell().firing]).toEqual([1, 1]);
    await new Promise(setImmediate);
    expect([next.firing(), next.tell().firing]).toEqual([0, 0]);
  });

  test('of a writer that comes back, what it told before is not told again', async () => {
    const writer = writing();
    hear(writer);
    writer.noticed(notice(1));
    hear(writer);
    await writer.abdicate();
    const other = writing();
    other.noticed(notice(2));
    hear(other);
    // With the lease, which it takes before its term is in the log.
    hear(writer);
    writer.reign();
    hear(writer);
    writer.noticed(notice(3));
    hear(writer);
    expect(notices).toEqual([notice(1), notice(2), notice(3)]);
  });
});

function duties(parts: Partial<DutyParts>): MemberDuties {
  const nothing = (): void => undefined;
  const nothingYet = (): Promise<void> => Promise.resolve();
  return new MemberDuties({
    intake: {
      follow: nothingYet,
      status: () => ({
        lastDeliveryAtMs: null,
        tip: null,
        reorgs: { count: 0, deepest: 0, last: null },
        unproven: [],
        unprovenCount: 0,
        queued: 0,
      }),
    },
    quarantine: { changes: 0, recount: nothing },
    log: { head: 0 },
    onAppended: nothing,
    onSnapshot: nothing,
    onNotice: nothing,
    onAlerts: nothing,
    onBoards: nothing,
    onEnd: nothing,
    scheduler: () => ({ seq: 0, start: nothing, stop: nothingYet }) as unknown as ReturnType<DutyParts['scheduler']>,
    observer: () => undefined,
    reignAlerts: nothing,
    beginAlerts: nothingYet,
    endAlerts: nothingYet,
    seenByAlerts: () => [],
    firing: () => 0,
    logger: pino({ level: 'silent' }),
    // Nothing is folded here: neither snapshots nor alerts begin.
    folded: new Promise(nothing),
    ...parts,
  });
}

function notice(incident: number): AlertNotice {
  return {
    alertId: 'quiet',
    name: 'Quiet',
    event: 'firing',
    at: '2026-02-01T00:00:00.000Z',
    incident,
    metric: 'badgesIssued',
    condition: 'below',
    threshold: 1,
    value: 0,
    message: 'badges issued is 0, below 1',
    silenced: false,
  };
}
