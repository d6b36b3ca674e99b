import { NOTHING, plainQuarantine, startApi } from '../../test/support/apiHarness.js';
import { TooManyAlertsError, WrongAlertError } from '../alerts/refused.js';
import type { QuarantineItem } from '../contract/index.js';
import { LogUnavailableError } from '../log/log.js';

/** What the calls do, beyond who may make them: snapshots, blocks, quarantine, health, figures, and bugs. */
const item = (id: string): QuarantineItem => ({
  id,
  at: '2026-02-14T12:00:00.000Z',
  source: 'chainhook-v1',
  reason: 'no such event',
  field: 'value.event',
  input: { apply: [] },
});

describe('snapshots', () => {
  it('answers 201 for the first of a period and 200 for one that replaced it', async () => {
    const plain = await startApi();
    const taken: unknown[] = [];
    const { take } = plain.services.snapshots;
    const api = await startApi({
      snapshots: {
        ...plain.services.snapshots,
        take: async (period, atMs) => {
          const replaced = taken.includes(period);
          taken.push(period);
          return { ...(await take(period, atMs)), replaced };
        },
      },
    });
    expect((await api.post('/api/analytics/snapshot', { period: 'daily' }, 'admin')).status).toBe(201);
    const second = await api.post('/api/analytics/snapshot', { period: 'daily' }, 'admin');
    expect(second.status).toBe(200);
    expect(await second.json()).toMatchObject({ period: 'daily', metrics: { totalUsers: 0 } });
  });
});

describe('blocks', () => {
  it("takes an admin's word on a block, and answers 404 for one that is not known", async () => {
    const api = await startApi();
    expect(await (await api.post('/api/chain/blocks/0xB1/confirm', {}, 'admin')).json()).toEqual(NOTHING);
    expect(await (await api.post('/api/chain/blocks/0xb1/retract', {}, 'admin')).json()).toMatchObject({
      rolledBack: 1,
    });
    const unknown = await api.post('/api/chain/blocks/0xee/retract', {}, 'admin');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ detail: 'No block 0xee is known.' });
  });

  it('joins the state of the predicates to that of the chain', async () => {
    const api = await startApi();
    expect(await (await api.call('/api/chain/status', { as: 'viewer' })).json()).toMatchObject({
      tip: { height: 10, hash: '0xb1' },
      predicates: [{ name: 'badges', uuid: 'u-1', status: 'streaming', lastBlock: 10 }],
    });
  });
});

describe('quarantine', () => {
  it('lets go what is understood when it is taken again', async () => {
    const kept = [item('a'), item('b')];
    const api = await startApi({ quarantine: plainQuarantine(kept) });
    const response = await api.post('/api/quarantine/a/replay', {}, 'admin');
    expect([response.status, await response.json()]).toEqual([200, NOTHING]);
    expect(kept).toEqual([item('b')]);
  });

  it('keeps what is still not understood, and says so', async () => {
    const kept = [item('a')];
    const plain = await startApi();
    const api = await startApi({
      quarantine: plainQuarantine(kept),
      intake: { ...plain.services.intake, replay: async () => ({ ...NOTHING, quarantined: 1 }) },
    });
    expect(await (await api.post('/api/quarantine/a/replay', {}, 'admin')).json()).toMatchObject({ quarantined: 1 });
    expect(kept).toEqual([item('a')]);
  });

  it('keeps an item whose replay could not be made durable', async () => {
    const kept = [item('a')];
    const plain = await startApi();
    const replay = () => Promise.reject(new LogUnavailableError('disk full'));
    const api = await startApi({ quarantine: plainQuarantine(kept), intake: { ...plain.services.intake, replay } });
    expect((await api.post('/api/quarantine/a/replay', {}, 'admin')).status).toBe(503);
    expect(kept).toEqual([item('a')]);
  });

  it('lists items whole, and drops one', async () => {
    const kept = [item('a')];
    const api = await startApi({ quarantine: plainQuarantine(kept) });
    expect(await (await api.call('/api/quarantine', { as: 'admin' })).json()).toEqual({
      items: [item('a')],
      next: null,
    });
    expect((await api.call('/api/quarantine/a', { method: 'DELETE', as: 'admin' })).status).toBe(204);
    expect(kept).toEqual([]);
    const gone = await api.call('/api/quarantine/a', { method: 'DELETE', as: 'admin' });
    expect([gone.status, await gone.json()]).toMatchObject([404, { detail: 'No item a is in quarantine.' }]);
    expect((await api.post('/api/quarantine/a/replay', {}, 'admin')).status).toBe(404);
  });
});

describe('alerts', () => {
  it('are refused with the field that is wrong, and with 409 when there are too many', async () => {
    const plain = await startApi();
    const refusals = [
      new WrongAlertError([{ field: 'webhookUrl', message: 'must begin with http:// or https://' }]),
      new TooManyAlertsError(),
    ];
    const create = () => Promise.reject(refusals.shift() ?? new Error('no more'));
    const api = await startApi({ alerts: { ...plain.services.alerts, create } });
    const alert = { name: 'Many badges', metric: 'badgesIssued', condition: 'above', threshold: 10 };
    const wrong = await api.post('/api/alerts', alert, 'admin');
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ field: 'webhookUrl' }] }]);
    const full = await api.post('/api/alerts', alert, 'admin');
    expect([full.status, await full.json()]).toMatchObject([
      409,
      { detail: expect.stringMatching(/100 alerts/) as string },
    ]);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('that are not there are answered 404 to %s', async (method) => {
    const api = await startApi();
    const headers = { 'content-type': 'application/json' };
    const body = method === 'PATCH' ? { headers, body: '{"enabled":false}' } : {};
    const gone = await api.call('/api/alerts/b', { method, as: 'admin', ...body });
    expect([gone.status, await gone.json()]).toMatchObject([404, { detail: 'There is no alert b.' }]);
  });
});

describe('health', () => {
  it('is live at once, and ready when the folds are within one batch of the log', async () => {
    let ready = false;
    const api = await startApi({ readiness: () => ({ ready, reasons: ready ? [] : ['4,000 entries to fold'] }) });
    expect((await api.call('/health/live')).status).toBe(200);
    const early = await api.call('/health/ready');
    expect([early.status, early.headers.has('retry-after')]).toEqual([503, true]);
    expect(await early.json()).toMatchObject({ detail: 'Not ready: 4,000 entries to fold' });
    ready = true;
    expect((await api.call('/health/ready')).status).toBe(200);
  });
});

describe('a process that is not up to date', () => {
  const behind = 'the log is being folded';

  it('answers no read of viewers, whoever calls, and says when to come back; the rest goes on', async () => {
    const api = await startApi({ refusal: () => behind });
    for (const path of ['/api/analytics/aggregated', '/api/users', '/api/chain/status', '/api/boards/b']) {
      const refused = await api.call(path, { as: 'viewer' });
      expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '2']);
      expect(refused.headers.get('content-type')).toMatch('application/problem+json');
      expect(await refused.json()).toMatchObject({
        title: 'Service Unavailable',
        detail: `This process is not up to date, another may be: ${behind}`,
      });
    }
    expect((await api.call('/api/users')).status).toBe(503);
    // What the writer answers is asked of it.
    expect((await api.call('/api/reports/none', { as: 'viewer' })).status).toBe(404);
    expect((await api.post('/api/chainhook/events', {}, 'chainhook')).status).toBe(200);
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect((await api.call(path)).status).toBe(200);
  });
});

describe('figures', () => {
  it('tells Prometheus of the log, the folds, the chain, the sockets and the calls', async () => {
    const api = await startApi();
    await api.call('/api/analytics/trends/totalUsers', { as: 'viewer' });
    await api.call('/api/analytics/aggregated');
    await api.call('/api/../nothing');
    const response = await api.call('/metrics');
    expect(response.headers.get('content-type')).toMatch('text/plain; version=0.0.4');
    const text = await response.text();
    for (const line of [
      'passportx_log_head 9',
      'passportx_folded 7',
      'passportx_fold_lag 2',
      'passportx_snapshots_seq 5',
      'passportx_batches 3',
      'passportx_queued_deliveries 0',
      'passportx_quarantined 0',
      'passportx_socket_clients 2',
      'passportx_chain_lag_seconds 1.5',
      'passportx_unproven_blocks 0',
      'passportx_reorgs 0',
      'passportx_alerts 1',
      'passportx_alerts_firing 0',
      'passportx_alert_webhooks_pending 0',
      'passportx_http_request_seconds_count{method="GET",route="/api/analytics/trends/:metric",status="200"} 1',
      'passportx_http_request_seconds_count{method="GET",route="/api/analytics/aggregated",status="401"} 1',
      'passportx_http_request_seconds_count{method="GET",route="other",status="404"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('tell of alerts in the process that writes alone: another knows them of before', async () => {
    const membership = {
      part: 'standby' as const,
      writer: () => Promise.resolve(undefined),
    };
    const api = await startApi({ membership });
    const text = await (await api.call('/metrics')).text();
    expect([text.includes('passportx_writer 0'), /^passportx_alert/m.test(text)]).toEqual([true, false]);
  });
});

describe('a bug', () => {
  it('is answered 500 without a word of its own, and found in the log by the id of the request', async () => {
    const plain = await startApi();
    const api = await startApi({
      snapshots: { ...plain.services.snapshots, list: () => Promise.reject(new Error('secret of the machine room')) },
    });
    const response = await api.call('/api/analytics/snapshots', { as: 'viewer' });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toMatch(/machine room|at .*\.ts/);
    const id = response.headers.get('x-request-id') ?? 'none';
    expect(text).toContain(id);
    const line = api.logged.find((entry) => entry.includes('machine room')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 50, requestId: id });
    expect(api.logged.join('')).not.toContain('token-of-a-viewer');
  });
});
