import { io, type Socket } from 'socket.io-client';
import type { Alert, AlertHistory, AlertNotice, SavedAlert, ServerEvents } from '../../src/contract/index.js';
import { badgeMinted, block, DEPLOYER, payload, principal, print, tx } from '../support/payloads.js';
import { TestService, TOKENS } from '../support/service.js';
import { Receiver } from './receiver.js';

/**
 * Alerts of the built service, with a receiver that really listens: an alert fires and ends, across kills of the process
 * and a receiver that is away; what was sent is not sent again, and what was not is sent under the same id.
 */
jest.setTimeout(240_000);

let service: TestService;
let receiver: Receiver;
let socket: Socket<ServerEvents> | undefined;

beforeEach(async () => {
  receiver = await Receiver.start();
  service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
});
afterEach(async () => {
  socket?.disconnect();
  await service.stop();
  await receiver.stop();
});

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${TOKENS.admin}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Sets an alert that sends to the receiver, which is told the secret. */
async function set(alert: object): Promise<Alert> {
  const saved = await call<SavedAlert>('POST', '/api/alerts', { ...alert, webhookUrl: receiver.url });
  receiver.secret = saved.webhookSecret ?? receiver.secret;
  return saved.alert;
}

const mint = async (height: number, fork = 'A'): Promise<void> => {
  const minted = block(height, [tx(`mint ${height}${fork}`, [badgeMinted(height)])], { fork });
  expect((await service.deliver(payload('raw', { apply: [minted] }))).status).toBe(200);
};
const withdraw = async (height: number): Promise<void> => {
  expect((await service.deliver(payload('raw', { rollback: [block(height)] }))).status).toBe(200);
};
const read = (id: string): Promise<Alert> => service.read<Alert>(`/api/alerts/${id}`);
const history = async (): Promise<string[]> => {
  const { items } = await service.read<AlertHistory>('/api/alerts/history');
  return items.map(({ event, incident, delivery }) => `${event} ${incident} ${delivery?.status ?? 'not sent'}`);
};

/** Asks until the answer is as wanted; the test's own timeout ends it. */
async function until<T>(ask: () => Promise<T> | T, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const MANY = { name: 'Many badges', metric: 'totalBadgesIssued', condition: 'above', threshold: 1, clearForSeconds: 0 };

it('fires with the batch that crosses the threshold, ends with a reorg that takes it back, and tells of both', async () => {
  const heard: AlertNotice[] = [];
  socket = io(service.url, { auth: { token: TOKENS.viewer }, transports: ['websocket'] });
  socket.on('analytics:alert', (notice) => heard.push(notice));
  await new Promise<void>((resolve) => socket?.on('connect', resolve));
  const { id } = await set(MANY);
  await mint(1);
  await until(
    () => read(id),
    ({ value }) => value === 1,
  );
  expect(await read(id)).toMatchObject({ phase: 'ok' });
  await mint(2);
  await until(
    () => receiver.told.length,
    (count) => count === 1,
  );
  expect(await read(id)).toMatchObject({
    ...{ phase: 'firing', value: 2, message: 'Badges issued in all: 2 (alert above 1)' },
    webhook: { host: new URL(receiver.url).host },
  });
  await withdraw(2);
  await until(history, ([newest]) => newest === 'resolved 1 delivered');
  expect(receiver.told).toEqual(['firing 1', 'resolved 1']);
  expect(receiver.taken[0]?.message).toMatchObject({
    type: 'alert.firing',
    data: { alertId: id, value: 2, threshold: 1 },
  });
  await until(
    () => heard.length,
    (count) => count === 2,
  );
  expect(heard.map(({ event, value }) => [event, value])).toEqual([
    ['firing', 2],
    ['resolved', 1],
  ]);
  expect(await history()).toEqual(['resolved 1 delivered', 'firing 1 delivered']);
  // Neither the path of the webhook nor its secret is told to anyone.
  for (const path of ['/api/alerts', `/api/alerts/${id}`, '/api/alerts/history'])
    expect(JSON.stringify(await call('GET', path))).not.toMatch(/not-to-be-shown|whsec_/);
});

it('is still firing after the process was killed, and what was sent is not sent again', async () => {
  const { id } = await set(MANY);
  await mint(1);
  await mint(2);
  await until(history, ([newest]) => newest === 'firing 1 delivered');
  const { since } = await read(id);
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await service.kill(signal);
    await service.restart();
    // Looked at again: the value is known only then.
    expect(
      await until(
        () => read(id),
        ({ value }) => value !== null,
      ),
    ).toMatchObject({ phase: 'firing', value: 2, since });
  }
  await withdraw(2);
  await until(history, ([newest]) => newest === 'resolved 1 delivered');
  expect(receiver.told).toEqual(['firing 1', 'resolved 1']);
});

it('delivers after a kill what the receiver could not take before, in order and under the same id', async () => {
  receiver.status = 503;
  await set(MANY);
  await mint(1);
  await mint(2);
  await until(
    () => receiver.refused,
    (count) => count > 0,
  );
  await withdraw(2);
  await until(history, ([newest]) => newest === 'resolved 1 pending');
  await service.kill();
  receiver.status = 204;
  await service.restart();
  await until(history, ([newest]) => newest === 'resolved 1 delivered');
  expect(receiver.told).toEqual(['firing 1', 'resolved 1']);
  expect(new Set(receiver.taken.map(({ id }) => id)).size).toBe(2);
});

it('tells the end of one that is deleted while it fires, also when the receiver is away and the process is killed', async () => {
  const { id } = await set(MANY);
  await mint(1);
  await mint(2);
  await until(history, ([newest]) => newest === 'firing 1 delivered');
  receiver.status = 503;
  await call('DELETE', `/api/alerts/${id}`);
  expect(await call('GET', '/api/alerts')).toMatchObject({ alerts: [] });
  await until(
    () => receiver.refused,
    (count) => count > 0,
  );
  await service.kill();
  receiver.status = 204;
  await service.restart();
  await until(history, ([newest]) => newest === 'resolved 1 delivered');
  expect(receiver.told).toEqual(['firing 1', 'resolved 1']);
  expect(JSON.stringify(await call('GET', '/api/alerts/history'))).not.toMatch(/not-to-be-shown|whsec_/);
});

it('notices by the clock alone that nothing comes, and ends with the next fact', async () => {
  const now = Math.floor(Date.now() / 1000);
  const old = block(1, [tx('old', [badgeMinted(1)])], { timestamp: now - 3_600 });
  await service.deliver(payload('raw', { apply: [old] }));
  const { id } = await set({
    ...{ name: 'Silence', metric: 'badgesIssued', condition: 'noData', threshold: 30, clearForSeconds: 0 },
  });
  await until(
    () => receiver.told.length,
    (count) => count === 1,
  );
  expect(await read(id)).toMatchObject({ phase: 'firing' });
  await service.deliver(payload('raw', { apply: [block(2, [tx('new', [badgeMinted(2)])], { timestamp: now })] }));
  await until(
    () => receiver.told,
    (told) => told.includes('resolved 1'),
  );
});

it('sends nothing while it is silenced, and tells of what still fires when the silence ends', async () => {
  const { id } = await set({ ...MANY, silencedUntil: new Date(Date.now() + 3_600_000).toISOString() });
  await mint(1);
  await mint(2);
  await until(history, ([newest]) => newest === 'firing 1 silenced');
  expect(await read(id)).toMatchObject({ phase: 'firing', silenced: true });
  await call('PATCH', `/api/alerts/${id}`, { silencedUntil: null });
  await until(history, ([newest]) => newest === 'firing 1 delivered');
  expect(receiver.told).toEqual(['firing 1']);
});

/** Sets an alert that is sent nowhere. */
const watch = async (alert: object): Promise<Alert> => (await call<SavedAlert>('POST', '/api/alerts', alert)).alert;
const fires = (id: string) =>
  until(
    () => read(id),
    ({ phase }) => phase === 'firing',
  );

it('watches badges held and members: above, below, and over only where it clears', async () => {
  const held = { name: 'Held', metric: 'activeBadges', clearForSeconds: 0 };
  const { id } = await watch({ ...held, condition: 'above', threshold: 3, clearAt: 1 });
  for (const height of [1, 2, 3, 4]) await mint(height);
  expect(await fires(id)).toMatchObject({ value: 4, message: 'Badges held: 4 (alert above 3)' });
  // A revoked badge is held no longer. Between the threshold and where it clears it goes on firing.
  const by = principal('issuer');
  const revocation = (badge: number) => print('badge-revoked', { 'badge-id': badge, issuer: by, 'revoked-by': by });
  const revoke = (height: number, badge: number) =>
    service.deliver(payload('raw', { apply: [block(height, [tx(`revoke ${badge}`, [revocation(badge)])])] }));
  await revoke(5, 1);
  await revoke(6, 2);
  await until(
    () => read(id),
    ({ value }) => value === 2,
  );
  expect(await read(id)).toMatchObject({ phase: 'firing' });
  const few = await watch({ ...held, condition: 'below', threshold: 2, clearAt: 3 });
  await revoke(7, 3);
  await until(
    () => read(id),
    ({ phase }) => phase === 'resolved',
  );
  expect(await fires(few.id)).toMatchObject({ value: 1, message: 'Badges held: 1 (alert below 2)' });
  await mint(8);
  await until(
    () => read(few.id),
    ({ value }) => value === 2,
  );
  expect(await read(few.id)).toMatchObject({ phase: 'firing' });
  await mint(9);
  await until(
    () => read(few.id),
    ({ phase }) => phase === 'resolved',
  );

  const { id: members } = await watch({ name: 'M', metric: 'totalMembers', condition: 'above', threshold: 1 });
  const community = { 'community-id': 1, name: 'Guild', description: '', owner: principal('a') };
  const joined = { 'community-id': 1, member: principal('b'), role: 'member', 'added-by': principal('a') };
  const prints = [print('community-created', community), print('community-member-added', joined)];
  await service.deliver(payload('raw', { apply: [block(10, [tx('guild', prints)])] }));
  expect(await fires(members)).toMatchObject({ value: 2, message: 'Members in all: 2 (alert above 1)' });
});

it('fires when a number falls against the period before, and is over where it clears', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const at = (height: number, seconds: number, badges: readonly number[]) =>
    service.deliver(
      payload('raw', {
        apply: [
          block(
            height,
            [
              tx(
                `at ${height}`,
                badges.map((badge) => badgeMinted(badge)),
              ),
            ],
            { timestamp: seconds },
          ),
        ],
      }),
    );
  await at(1, now - 10 * 86_400, [1, 2, 3, 4]);
  const { id } = await set({
    ...{ name: 'Falls', metric: 'badgesIssued', condition: 'falls', threshold: 60, clearAt: 40 },
    ...{ window: 'lastDays', days: 7, clearForSeconds: 0 },
  });
  // None, then one of four: it fell by 100 % and by 75 %. Two are 50 %: no alert by the threshold, not over by `clearAt`.
  expect(await fires(id)).toMatchObject({ value: -100 });
  await at(2, now, [5]);
  await until(
    () => read(id),
    ({ value }) => value === -75,
  );
  await at(3, now, [6]);
  await until(
    () => read(id),
    ({ value }) => value === -50,
  );
  expect(await read(id)).toMatchObject({ phase: 'firing' });
  await at(4, now, [7]);
  expect(
    await until(
      () => read(id),
      ({ phase }) => phase === 'resolved',
    ),
  ).toMatchObject({ value: -25 });
});
