import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AlertHistory, CreatedBoard, CreatedShare, SavedAlert } from '../../backend/src/contract';
import { launchBrowser, openPage, type View, type Watched } from './support/browser';
import { expectHeading, expectLive, expectText, faults, PATIENCE_MS, settled } from './support/page';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

/** Set an alert → see it fire, on every page; and a period taken along as a PDF. */
jest.setTimeout(180_000);

let browser: Browser;
let service: Service;
const story = new Story(Math.floor(Date.now() / 1000));
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: false })]);
  await service.deliver({ apply: [story.founding(), story.mints(3)] });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function signIn(token: string, path: string, view: View = {}): Promise<Page> {
  const watched = await openPage(browser, `${service.url}${path}`, view);
  opened.push(watched);
  const { page } = watched;
  await page.getByLabel(/token/i).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectLive(page, 'connected');
  await settled(page);
  return page;
}

async function fillIn(page: Page, name: string, threshold: number): Promise<void> {
  await page.getByRole('button', { name: 'New alert' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Metric').selectOption({ label: 'Badges issued in all' });
  await form.getByLabel('Value').fill(String(threshold));
}

const alert = (page: Page, name: string, phase: string) =>
  page.locator(`[data-alert="${name}"][data-phase="${phase}"]`).waitFor({ timeout: PATIENCE_MS });
const bell = (page: Page, firing: number) =>
  page.locator(`header [data-firing="${firing}"]`).waitFor({ timeout: PATIENCE_MS });

test('an admin sets an alert, sees it fire with the batch that crosses it, and finds it in the history', async () => {
  const page = await signIn(service.adminToken, '/alerts/');
  await expectText(page, 'No alert is set. Set one on what is counted, on a total, or on the chain.');
  expect(await faults(page)).toEqual([]);
  await fillIn(page, '', 4);
  await page.getByRole('button', { name: 'Set the alert' }).click();
  await expectText(page, 'must be text of 1 to 100 characters');
  expect(await faults(page)).toEqual([]);
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Many badges');
  await form.getByText('Quiet hours', { exact: true }).click();
  await form.getByRole('button', { name: 'Add quiet hours' }).click();
  await form.getByRole('button', { name: 'Fri' }).click();
  await form.getByLabel('To, UTC').fill('06:30');
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set the alert' }).click();
  await alert(page, 'Many badges', 'ok');
  await expectText(page, /quiet Fri, Sat, Sun 00:00–06:30$/);
  await bell(page, 0);

  await page.getByRole('link', { name: 'Chain', exact: true }).click();
  await expectHeading(page, 'Chain');
  await service.deliver({ apply: [story.mints(2)] });
  await bell(page, 1);
  await page.getByRole('link', { name: 'Alerts, 1 alert firing' }).click();
  await alert(page, 'Many badges', 'firing');
  await expectText(page, 'Badges issued in all: 5 (alert above 4)');
  await page.locator('#alert-history [data-event="firing"]').waitFor({ timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Silence Many badges for an hour' }).click();
  await page.getByRole('button', { name: 'End the silence of Many badges' }).waitFor({ timeout: PATIENCE_MS });
  await page.context().close();
});

test('a board, too, tells that an alert fires: to a viewer which one, to whoever has a link only that', async () => {
  const post = async <T>(path: string, body: object, key = ''): Promise<T> => {
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${service.viewerToken}`,
        'board-edit-key': key,
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  };
  const content = { name: 'Hall', range: { preset: '30d' }, widgets: [] };
  const { board, editKey } = await post<CreatedBoard>('/api/boards', content);
  const { token } = await post<CreatedShare>(`/api/boards/${board.id}/shares`, { name: 'Guest' }, editKey);
  const view = { theme: 'dark', width: 390 } as const;
  const guest = await openPage(browser, `${service.url}/board/?id=${board.id}&mode=wall#${token}`, view);
  opened.push(guest);
  await expectText(guest.page, '1 alert firing');
  expect(await faults(guest.page)).toEqual([]);
  const page = await signIn(service.viewerToken, `/board/?id=${board.id}`);
  await expectText(page, '1 alert firing');
  await page.getByRole('status').getByText('Many badges').waitFor({ timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);
  await settled(guest.page);
  expect(await guest.page.getByText('Many badges').count()).toBe(0);
  await Promise.all([page, guest.page].map((one) => one.context().close()));
});

test('an alert may look at the last hours', async () => {
  const page = await signIn(service.adminToken, '/alerts/');
  await page.getByRole('button', { name: 'New alert' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('A busy day');
  await form.getByLabel('Period').selectOption({ label: 'Last hours, to now' });
  await form.getByLabel('How many hours').fill('169');
  await form.getByLabel('Value').fill('3');
  await page.getByRole('button', { name: 'Set the alert' }).click();
  await expectText(page, /must be .*168/);
  await form.getByLabel('How many hours').fill('24');
  await page.getByRole('button', { name: 'Set the alert' }).click();
  await alert(page, 'A busy day', 'firing');
  await expectText(page, 'Badges issued in the last 24 hours: 5 (alert above 3)');
  await page.getByRole('button', { name: 'Delete A busy day' }).click();
  await page.getByRole('button', { name: 'Delete A busy day?' }).click();
  await page.locator('[data-alert="A busy day"]').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await page.context().close();
});

test.each([
  { theme: 'light', width: 360 },
  { theme: 'dark', width: 1440 },
] as const)(
  'a viewer sees what fires, is offered nothing that is for admins, and signs in as one ($theme, $width px)',
  async (view) => {
    const page = await signIn(service.viewerToken, '/alerts/', view);
    await alert(page, 'Many badges', 'firing');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in with the admin token' }).waitFor({ timeout: PATIENCE_MS });
    for (const name of ['New alert', /^Edit Many/, /^Delete Many/, /silence/i])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in with the admin token' }).click();
    await expectText(page, 'Signed in on this browser, with the viewer token.');
    await page.getByLabel('Viewer or admin token').fill(service.adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectText(page, 'Signed in on this browser, with the admin token.');
    expect(await page.getByLabel('Viewer or admin token').count()).toBe(0);
    await page.goBack();
    await page.getByRole('button', { name: 'New alert' }).waitFor({ timeout: PATIENCE_MS });
    await page.context().close();
  },
);

test('no batch makes a page ask for the alerts again: what becomes of them has a notice of its own', async () => {
  const page = await signIn(service.viewerToken, '/');
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  /** Delivers a badge, and waits until what the warehouse answers is asked again for it, which is last. */
  const deliver = async (): Promise<void> => {
    const isLast = (url: string) => new URL(url).pathname === '/api/analytics/query';
    const asking = page.waitForRequest((request) => isLast(request.url()), { timeout: PATIENCE_MS });
    await service.deliver({ apply: [story.mints(1)] });
    await (await asking).response();
  };
  await deliver();
  // What the sign-in and the connection have had asked again is behind it by now.
  paths.length = 0;
  // Twice: of the one before there may be more to come.
  await deliver();
  await deliver();
  expect(paths.filter((path) => path.startsWith('/api/alerts'))).toEqual([]);
  await page.context().close();
});

test('what fired before the fifty that are shown is shown when it is asked for, each once', async () => {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.adminToken}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };
  const rule = { name: 'Again and again', metric: 'totalBadgesIssued', condition: 'above', threshold: 0 };
  const { alert: made } = await ask<SavedAlert>('POST', '/api/alerts', rule);
  const told = async () => (await ask<AlertHistory>('GET', '/api/alerts/history?limit=200')).items.length;
  // One that is made to watch for something else ends, and fires anew.
  for (let turns = 0; (await told()) <= 50; turns += 1)
    await ask('PATCH', `/api/alerts/${made.id}`, { condition: turns % 2 === 0 ? 'below' : 'above' });
  await ask('PATCH', `/api/alerts/${made.id}`, { enabled: false });
  const page = await signIn(service.viewerToken, '/alerts/');
  await page.locator('#alert-history').getByRole('button', { name: 'Load more' }).click();
  const shown = page.locator('#alert-history [data-event]');
  await shown.nth(50).waitFor({ timeout: PATIENCE_MS });
  expect(await shown.count()).toBe(await told());
  await page.context().close();
});

test('the days that the page shows are saved as a PDF', async () => {
  const page = await signIn(service.viewerToken, '/');
  const download = page.waitForEvent('download', { timeout: PATIENCE_MS });
  await page.getByRole('button', { name: 'Report' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^passportx-report-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.pdf$/);
  expect(
    readFileSync(await file.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  await page.context().close();
});

test('no page asked another machine for anything or reported an error', () => {
  expect(opened.flatMap(({ foreign, errors }) => [...foreign, ...errors])).toEqual([]);
});
