import type { Alert, SavedAlert } from '../../src/contract/index.js';
import { badgeMinted, block, DEPLOYER, payload, principal, print, tx } from '../support/payloads.js';
import type { PrintDescription } from '../support/prints.js';
import { TestService, TOKENS } from '../support/service.js';

/** Alerts of the built service that look at the last hours: what is older does not count, what a reorg takes back neither. */
jest.setTimeout(240_000);

let service: TestService;
beforeEach(async () => {
  service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
});
afterEach(() => service.stop());

const startMs = Date.now();
/** Blocks lie so far from the ends of the hours that no machine is slow enough to move them over one. */
const minutesAgo = (minutes: number): number => Math.floor(startMs / 1000) - minutes * 60;

async function deliver(height: number, minutes: number, prints: readonly PrintDescription[]): Promise<void> {
  const told = block(height, [tx(`at ${height}`, [...prints])], { timestamp: minutesAgo(minutes) });
  expect((await service.deliver(payload('raw', { apply: [told] }))).status).toBe(200);
}

async function set(alert: object): Promise<string> {
  const response = await fetch(`${service.url}/api/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Hours', window: 'lastHours', condition: 'above', threshold: 1e6, ...alert }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as SavedAlert).alert.id;
}

/** Far more than the read model is ever behind what was acknowledged. */
const COUNTED_WITHIN_MS = 60_000;

/** Asks until the alert is as wanted. @returns it as it was told last, which is not as wanted when that took too long. */
async function until(id: string, isWanted: (alert: Alert) => boolean): Promise<Alert> {
  const deadline = Date.now() + COUNTED_WITHIN_MS;
  for (;;) {
    const alert = await service.read<Alert>(`/api/alerts/${id}`);
    if (isWanted(alert) || Date.now() > deadline) return alert;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('every number of the headline is counted over the last hours, by block time', async () => {
  const community = (id: number) =>
    print('community-created', { 'community-id': id, name: 'Guild', description: '', owner: principal(`owner ${id}`) });
  const member = (id: number, who: string) =>
    print('community-member-added', {
      ...{ 'community-id': id, member: principal(who), role: 'member', 'added-by': principal(`owner ${id}`) },
    });
  const revoked = (id: number) =>
    print('badge-revoked', { 'badge-id': id, issuer: principal('issuer'), 'revoked-by': principal('issuer') });
  const to = (who: string) => ({ recipient: principal(who) });
  await deliver(1, 200, [badgeMinted(1, to('alice')), badgeMinted(2, to('bob')), community(1), member(1, 'alice')]);
  await deliver(2, 90, [badgeMinted(3, to('alice')), badgeMinted(4, to('carol')), revoked(1), member(1, 'carol')]);
  await deliver(3, 30, [
    badgeMinted(5, to('alice')),
    badgeMinted(6, to('alice')),
    revoked(2),
    revoked(1),
    community(2),
  ]);
  const expected = [
    ['badgesIssued', 2, 4],
    ['badgesRevoked', 1, 2],
    ['newUsers', 1, 2],
    ['activeUsers', 1, 2],
    ['newCommunities', 1, 1],
    ['newMembers', 1, 2],
  ] as const;
  for (const [metric, ofOne, ofTwo] of expected) {
    // The first count may be of what the read model held a moment ago.
    const ofHours = async (hours: number, count: number) =>
      (await until(await set({ metric, hours }), ({ value }) => value === count)).value;
    const told = await Promise.all([ofHours(1, ofOne), ofHours(2, ofTwo)]);
    expect([metric, ...told]).toEqual([metric, ofOne, ofTwo]);
  }
});

it('fires with what comes, tells what it counted, and ends with a reorg that takes it back', async () => {
  await deliver(1, 200, [badgeMinted(1), badgeMinted(2), badgeMinted(3)]);
  const id = await set({ metric: 'badgesIssued', hours: 3, threshold: 1, clearForSeconds: 0 });
  expect(await until(id, ({ value, phase }) => value === 0 && phase === 'ok')).toMatchObject({ value: 0, phase: 'ok' });
  await deliver(2, 30, [badgeMinted(4), badgeMinted(5)]);
  const fired = await until(id, ({ phase, value }) => phase === 'firing' && value === 2);
  expect(fired.message).toBe('Badges issued in the last 3 hours: 2 (alert above 1)');
  await service.deliver(payload('raw', { rollback: [block(2)] }));
  expect(await until(id, ({ phase }) => phase === 'resolved')).toMatchObject({ phase: 'resolved', value: 0 });
});

it('compares the last hours with as many before', async () => {
  await deliver(1, 90, [badgeMinted(1), badgeMinted(2)]);
  await deliver(2, 30, [badgeMinted(3), badgeMinted(4), badgeMinted(5)]);
  const id = await set({ metric: 'badgesIssued', hours: 1, condition: 'rises', threshold: 40 });
  const fired = await until(id, ({ phase, value }) => phase === 'firing' && value === 50);
  expect([fired.value, fired.message]).toEqual([
    50,
    'Badges issued in the last hour: +50 % against the hour before (alert when it rises by more than 40 %)',
  ]);
});

it('no new user is noticed though people who are known go on, and is over with the first who is not', async () => {
  await deliver(1, 200, [badgeMinted(1, { recipient: principal('alice') })]);
  await deliver(2, 0, [badgeMinted(2, { recipient: principal('alice') })]);
  const silence = { window: 'today', condition: 'noData', threshold: 60, clearForSeconds: 0 };
  const ids = await Promise.all(
    ['newUsers', 'totalUsers', 'badgesIssued'].map((metric) => set({ ...silence, metric })),
  );
  for (const id of ids.slice(0, 2))
    expect(await until(id, ({ phase }) => phase === 'firing')).toMatchObject({ phase: 'firing' });
  expect(await until(ids[2] ?? '', ({ value }) => value !== null)).toMatchObject({ phase: 'ok' });
  await deliver(3, 0, [badgeMinted(3, { recipient: principal('bob') })]);
  for (const id of ids.slice(0, 2))
    expect(await until(id, ({ phase }) => phase === 'resolved')).toMatchObject({ phase: 'resolved' });
});
