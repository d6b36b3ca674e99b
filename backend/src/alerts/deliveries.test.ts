import { pino } from 'pino';
import type { AlertNotice } from '../contract/index.js';
import { Deliveries, RETRY_AFTER_MS } from './deliveries.js';
import type { HistoryEntry } from './store.js';
import type { Outcome } from './webhook.js';

/** What is sent, how often and in which order, with a clock that the test moves. */
const WEBHOOK = { url: 'https://hooks.example/', secret: 'whsec_' };
const FAILED: Outcome = { delivered: false, error: 'answered 500', gone: false };

beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-02-14T12:00:00Z'), doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

function entry(alertId: string, incident: number, event: AlertNotice['event'] = 'firing'): HistoryEntry {
  const notice: AlertNotice = {
    ...{ alertId, name: 'An alert', event, at: new Date().toISOString(), incident, metric: 'badgesIssued' },
    ...{ condition: 'above', threshold: 1, value: 2, message: 'm', silenced: false },
  };
  const delivery = {
    status: 'pending',
    attempts: 0,
    lastAttemptMs: null,
    nextAttemptMs: Date.now(),
    error: null,
  } as const;
  return { id: `${alertId}-${incident}-${event}`, notice, delivery };
}

function deliveriesTo(answer: (id: string, attempt: number) => Outcome, store?: { write: () => Promise<void> }) {
  const sent: string[] = [];
  const kept = new Map<string, HistoryEntry>();
  let webhook: typeof WEBHOOK | null = WEBHOOK;
  const deliveries = new Deliveries({
    store: store ?? { write: async ({ entries }) => void entries.forEach((each) => kept.set(each.id, each)) },
    webhookOf: () => webhook,
    send: async (_webhook, { id }) => {
      sent.push(id);
      return answer(id, sent.filter((each) => each === id).length);
    },
    clock: Date.now,
    logger: pino({ level: 'silent' }),
    random: () => 0,
  });
  return { deliveries, sent, kept, setWebhook: (next: typeof WEBHOOK | null) => (webhook = next) };
}

const DAY_MS = 86_400_000;

it('tries again after longer and longer waits, ten times in a day, then gives up', async () => {
  const { deliveries, sent, kept } = deliveriesTo(() => FAILED);
  deliveries.add([entry('a', 1)]);
  await jest.advanceTimersByTimeAsync(RETRY_AFTER_MS[0]! - 1);
  expect(sent).toHaveLength(1);
  expect(kept.get('a-1-firing')?.delivery).toMatchObject({ status: 'pending', attempts: 1, error: 'answered 500' });
  await jest.advanceTimersByTimeAsync(DAY_MS);
  expect(sent).toHaveLength(RETRY_AFTER_MS.length + 1);
  expect(kept.get('a-1-firing')?.delivery).toMatchObject({ status: 'failed', attempts: 10, nextAttemptMs: null });
  expect([deliveries.pending, deliveries.failed]).toEqual([0, 1]);
});

it('tells the end of an alert after its beginning, however long that takes, and holds up no other alert', async () => {
  const { deliveries, sent } = deliveriesTo((id, attempt) =>
    id === 'a-1-firing' && attempt < 3 ? FAILED : { delivered: true },
  );
  deliveries.add([entry('a', 1), entry('a', 1, 'resolved'), entry('b', 1)]);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a-1-firing', 'b-1-firing']);
  await jest.advanceTimersByTimeAsync(DAY_MS);
  expect(sent.filter((id) => id.startsWith('a'))).toEqual(['a-1-firing', 'a-1-firing', 'a-1-firing', 'a-1-resolved']);
});

it('gives up at once when the receiver is gone for good, and when there is nowhere to send to', async () => {
  const { deliveries, kept, setWebhook } = deliveriesTo(() => ({ ...FAILED, gone: true }));
  deliveries.add([entry('a', 1)]);
  await jest.advanceTimersByTimeAsync(1);
  setWebhook(null);
  deliveries.add([entry('a', 2)]);
  await jest.advanceTimersByTimeAsync(1);
  expect([...kept.values()].map(({ delivery }) => delivery?.status)).toEqual(['failed', 'dropped']);
});

it('sends again, under the same id, what it could not note as sent', async () => {
  let fails = 1;
  const store = { write: () => (fails-- > 0 ? Promise.reject(new Error('disk full')) : Promise.resolve()) };
  const { deliveries, sent } = deliveriesTo(() => ({ delivered: true }), store);
  deliveries.add([entry('a', 1)]);
  await jest.advanceTimersByTimeAsync(DAY_MS);
  expect(sent).toEqual(['a-1-firing', 'a-1-firing']);
  expect(deliveries.pending).toBe(0);
});

it('sends nothing twice at once, and nothing that the history has given up', async () => {
  const { deliveries, sent } = deliveriesTo((_id, attempt) => (attempt < 2 ? FAILED : { delivered: true }));
  deliveries.add([entry('a', 1)]);
  deliveries.add([entry('b', 1)]);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a-1-firing', 'b-1-firing']);
  deliveries.forget('a-1-firing');
  await jest.advanceTimersByTimeAsync(DAY_MS);
  expect(sent).toEqual(['a-1-firing', 'b-1-firing', 'b-1-firing']);
});
