import type { Alert, BoardContent, CreatedBoard, NewAlert, SavedAlert } from '../../backend/src/contract/index.js';
import { payloadV1 } from '../chain/payloadV1.js';
import { deliver } from '../deliver.js';
import { mineHistory } from '../demo/history.js';
import { Random } from '../demo/random.js';
import { startService, type DemoService } from '../demo/service.js';
import { Story } from '../demo/story.js';
import { readMadeToken } from '../tokens.js';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A service with something to show on every page: the demo's history, a board, alerts in every phase, a reorganisation. */
export interface Scene {
  readonly service: DemoService;
  readonly adminToken: string;
  /** The board, and the key that edits it. */
  readonly board: { readonly id: string; readonly key: string };
}

const MAIN = resolve('backend/dist/main.js');
const HISTORY_DAYS = 91;
const PATIENCE_MS = 60_000;

/** A service of its own on a free port, with nothing in it. */
export async function startEmpty(dataDir: string): Promise<DemoService> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return startService(MAIN, port, dataDir);
}

export async function startScene(dataDir: string): Promise<Scene> {
  const service = await startEmpty(dataDir);
  try {
    const token = readMadeToken(dataDir);
    const adminToken = readMadeToken(dataDir, 'admin');
    if (token === undefined || adminToken === undefined) throw new Error(`The service made no tokens under ${dataDir}`);
    const post = async (payload: object): Promise<void> => {
      const delivered = await deliver(JSON.stringify(payload), { url: service.url, token, patienceMs: PATIENCE_MS });
      if (delivered.kind === 'refused') throw new Error(delivered.reason);
    };
    const random = new Random(1);
    const nowSec = Math.floor(Date.now() / 1_000);
    const { chain } = await mineHistory(new Story(random), random, nowSec, HISTORY_DAYS, (apply) =>
      post(payloadV1({ apply }, 'raw')),
    );
    for (const payload of troubles(chain.height, nowSec)) await post(payload);
    chain.close();
    await setAlerts(service.url, adminToken);
    return { service, adminToken, board: await makeBoard(service.url) };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/**
 * Blocks above the history: one is replaced, which leaves the one above it unproven, since nobody said on what it
 * stands; and a payload that nobody understands.
 */
function troubles(tip: number, nowSec: number): object[] {
  const hash = (digit: string): string => `0x${digit.repeat(64)}`;
  const block = (height: number, own: string, parent: string): object => ({
    block_identifier: { index: height, hash: hash(own) },
    parent_block_identifier: { index: height - 1, hash: hash(parent) },
    timestamp: nowSec,
    transactions: [],
    metadata: {},
  });
  return [
    { apply: [block(tip + 3, 'a', '1')] },
    { apply: [block(tip + 6, 'b', '2')] },
    { apply: [block(tip + 3, 'c', '1')] },
    { apply: [{ block_identifier: { index: 'six', hash: hash('d') } }] },
  ];
}

async function send<T>(url: string, method: string, body: object, token?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** One alert in each phase, one silenced, one off, one whose receiver cannot be reached. */
async function setAlerts(url: string, token: string): Promise<void> {
  const alerts: Partial<NewAlert>[] = [
    { name: 'A thousand badges', metric: 'totalBadgesIssued', condition: 'above', threshold: 1_000 },
    { name: 'A busy hour', metric: 'badgesIssued', window: 'lastHours', hours: 6, condition: 'above', threshold: 400 },
    { name: 'Nobody joins', metric: 'newMembers', condition: 'noData', threshold: 720 },
    {
      name: 'Half the badges of last week',
      metric: 'badgesIssued',
      window: 'fullDays',
      condition: 'falls',
      threshold: 50,
    },
    { name: 'Few people come back', metric: 'retentionRate', condition: 'below', threshold: 45, forSeconds: 86_400 },
    {
      name: 'Blocks that nothing proves',
      metric: 'unprovenBlocks',
      condition: 'above',
      threshold: 0,
      webhookUrl: 'http://127.0.0.1:9/',
    },
    {
      name: 'The node is silent',
      metric: 'chainLagMinutes',
      condition: 'above',
      threshold: 0,
      silencedUntil: inAnHour(),
    },
    { name: 'Last year’s campaign', metric: 'newUsers', condition: 'above', threshold: 40, enabled: false },
  ];
  const set = (alert: Partial<NewAlert>) => send<SavedAlert>(`${url}/api/alerts`, 'POST', alert, token);
  for (const alert of alerts) await set(alert);
  const { alert } = await set({
    ...{ name: 'Many users', metric: 'totalUsers', condition: 'above', threshold: 10, clearForSeconds: 0 },
  });
  await until(url, alert, 'firing');
  await send(`${url}/api/alerts/${alert.id}`, 'PATCH', { threshold: 1e5 }, token);
  await until(url, alert, 'resolved');
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

async function until(url: string, { id }: Alert, phase: Alert['phase']): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(500)) {
    const now = (await (await fetch(`${url}/api/alerts/${id}`)).json()) as Alert;
    if (now.phase === phase) return;
    if (Date.now() > deadline) throw new Error(`The alert ${now.name} is ${now.phase}, not ${phase}`);
  }
}

/** Every kind of widget once, as someone would put them on a wall. */
async function makeBoard(url: string): Promise<Scene['board']> {
  const content: BoardContent = {
    name: 'The lobby',
    range: { preset: '30d' },
    widgets: [
      { id: 'issued', x: 0, y: 0, w: 3, h: 2, kind: 'number', metric: 'badgesIssued', compare: 'previous' },
      { id: 'active', x: 3, y: 0, w: 3, h: 2, kind: 'number', metric: 'activeUsers', compare: 'previous' },
      { id: 'new', x: 6, y: 0, w: 3, h: 2, kind: 'number', metric: 'newUsers', compare: 'previous' },
      {
        id: 'note',
        x: 9,
        y: 0,
        w: 3,
        h: 2,
        kind: 'note',
        title: 'Thursday',
        text: 'Hackathon at six, kitchen on the second floor',
      },
      {
        ...{ id: 'course', x: 0, y: 2, w: 8, h: 4, kind: 'series', metric: 'badgesIssued', shape: 'bar' },
        ...{ interval: 'auto', groupBy: 'category', compare: 'none' },
      },
      { id: 'feed', x: 8, y: 2, w: 4, h: 4, kind: 'activity' },
      { id: 'top', x: 0, y: 6, w: 4, h: 4, kind: 'ranking', metric: 'badgesIssued', groupBy: 'badge', limit: 8 },
      { id: 'return', x: 4, y: 6, w: 5, h: 4, kind: 'cohorts' },
      { id: 'chain', x: 9, y: 6, w: 3, h: 4, kind: 'chain' },
    ],
  };
  const { board, editKey } = await send<CreatedBoard>(`${url}/api/boards`, 'POST', content);
  return { id: board.id, key: editKey };
}
