import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { principal } from '../../backend/test/support/payloads';
import { launchBrowser, openPage, type View, type Watched } from './support/browser';
import {
  act,
  expectChip,
  expectHeading,
  expectLive,
  expectNumber,
  expectText,
  faults,
  PATIENCE_MS,
  settled,
  until,
} from './support/page';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

/** What a press, a key or an address narrows a page down to, and that nothing is narrowed down unseen. */
jest.setTimeout(180_000);

const ISSUED = 60;
const DAY_MS = 86_400_000;
const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
/** The story is told of the noon of the day before. */
const DAY = dayBefore(1);
const story = new Story(Date.parse(`${DAY}T12:00:00Z`) / 1000);

let browser: Browser;
let service: Service;
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: true })]);
  await service.deliver({ apply: [story.founding(), story.mints(ISSUED)] });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(path: string, view: View = {}): Promise<Page> {
  const watched = await openPage(browser, `${service.url}${path}`, view);
  opened.push(watched);
  return watched.page;
}

const said = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
test('on the page of one thing a press on a name narrows the page down, as a chip says and undoes', async () => {
  const page = await open(`/issuer/?id=${principal('issuer')}`);
  await expectNumber(page, 'badgesIssued', ISSUED);
  // One in four of the badges goes to each of four people.
  await page.locator('#recipients').getByRole('button').nth(1).click();
  await expectChip(page, 'User', /…/);
  await expectNumber(page, 'badgesIssued', ISSUED / 4);
  await page.getByRole('button', { name: /^Remove User/ }).click();
  await expectNumber(page, 'badgesIssued', ISSUED);

  await page.goto(`${service.url}/community/?id=1`);
  await page.locator('#badges').getByRole('button', { name: 'Category' }).click();
  await page
    .locator('#badges')
    .getByRole('button', { name: /^Education/ })
    .click();
  await expectChip(page, 'Category', 'Education');
  await expectNumber(page, 'badgesIssued', ISSUED / 3);
  // What does not know a category is left out rather than shown whole.
  await page.locator('[data-metric="newMembers"]').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link').click();
  await expectHeading(page, 'Communities');
  await page.context().close();
});

test('a comparison is narrowed down by what its chips say, and lists by what they know', async () => {
  const rows = (page: Page, list: string, count: number) =>
    until(page, `document.querySelectorAll('#${list} tbody tr').length === ${count}`);
  const page = await open(`/compare/?user=${principal('alice')}`);
  const issued = page.getByRole('row', { name: /^Badges issued/ });
  await expectChip(page, 'User', /…/);
  await issued
    .getByText(String(ISSUED / 4), { exact: true })
    .first()
    .waitFor({ timeout: PATIENCE_MS });
  await page.getByRole('button', { name: /^Remove User/ }).click();
  await issued.getByText(String(ISSUED), { exact: true }).first().waitFor({ timeout: PATIENCE_MS });

  await page.goto(`${service.url}/badges/?category=education&level=2`);
  await rows(page, 'all', 1);
  await page.locator('#all').getByText('Not narrowed down by level.').waitFor({ timeout: PATIENCE_MS });
  await page.goto(`${service.url}/user/?id=${principal('alice')}&badge=1`);
  await rows(page, 'badges', ISSUED / 12);
  expect(await page.getByText('Not narrowed down').count()).toBe(0);
  await page.goto(`${service.url}/issuer/?id=${principal('issuer')}&user=${principal('nobody')}&category=education`);
  await page.locator('#issued').getByText('Nothing matches the filters of the page.').waitFor({ timeout: PATIENCE_MS });
  await page.locator('#issued').getByText('Not narrowed down by category.').waitFor({ timeout: PATIENCE_MS });
  await page.context().close();
});

test('a press on a week shows those of its days that are selected, as a chip says and undoes', async () => {
  const page = await open('/badges/?range=90d&issuance-interval=week');
  await settled(page);
  const place = page.getByRole('slider', { name: /^Badges issued over time/ });
  await place.press('End');
  await place.press('Enter');
  await expectChip(page, 'Week', /^Week: \d{4}-W\d{2}$/);
  expect([said(page, 'range'), said(page, 'from'), said(page, 'to')]).toEqual(['90d', null, null]);
  await page.getByRole('button', { name: /^Remove Week/ }).click();
  await until(page, "location.search === '?range=90d&issuance-interval=week'");
  await page.locator('[data-chip]').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await page.context().close();
});

test('hours and events of the overview are of its days and filters; what knows no filter is left out by name', async () => {
  const LEFT_OUT = ['Trending badges', 'Do people come back?', 'Engagement'];
  const page = await open(`/?from=${dayBefore(40)}&to=${dayBefore(30)}`);
  await settled(page);
  await page.locator('#peak-hour').getByText('No badge was issued in these days.').waitFor({ timeout: PATIENCE_MS });
  await page.locator('#happening').getByText('Nothing happened in these days.').waitFor({ timeout: PATIENCE_MS });
  await page.goto(`${service.url}/?from=${DAY}&to=${DAY}`);
  await settled(page);
  await page.locator('#peak-hour').getByText('Peak at 11:00.').waitFor({ timeout: PATIENCE_MS });
  expect(await page.locator('#happening li').count()).toBeGreaterThan(10);

  // One in three is of that category, and of that badge.
  await page.goto(`${service.url}/?category=education`);
  await expectChip(page, 'Category', 'Education');
  await settled(page);
  const hours = page.getByRole('list', { name: 'Badges issued by hour of day' });
  await hours.getByText(`11:00: ${ISSUED / 3} badges`).waitFor({ state: 'attached', timeout: PATIENCE_MS });
  const left = await page.locator('[data-left-out]').textContent();
  for (const title of ['Happening now', ...LEFT_OUT]) {
    expect(left).toContain(title);
    expect(await page.getByRole('heading', { name: title }).count()).toBe(0);
  }
  expect(await faults(page)).toEqual([]);

  await page.goto(`${service.url}/?badge=1`);
  await expectChip(page, 'Badge', 'Clarity Graduate');
  await settled(page);
  const events = await page.locator('#happening li p:first-child').allTextContents();
  expect(events.length).toBeGreaterThan(5);
  expect(events.filter((event) => !event.includes('Clarity Graduate'))).toEqual([]);
  const named = await page.locator('[data-left-out]').textContent();
  expect([named?.includes('Happening now'), ...LEFT_OUT.map((title) => named?.includes(title))]).toEqual([
    ...[false, true, true, true],
  ]);
  await page.context().close();
});

test('activity and snapshots obey the days of the address', async () => {
  const feed = await open(`/activity/?from=${DAY}&to=${DAY}`);
  await feed.locator('#feed ol > li').first().waitFor({ timeout: PATIENCE_MS });
  await feed.goto(`${service.url}/activity/?from=${dayBefore(9)}&to=${dayBefore(8)}`);
  await expectText(feed, 'Nothing happened in these days.');
  await feed.keyboard.press('d');
  await feed.getByRole('button', { name: 'Last 7 days' }).click();
  await feed.locator('#feed ol > li').first().waitFor({ timeout: PATIENCE_MS });

  await feed.goto(`${service.url}/snapshots/?from=${DAY}&to=${DAY}`);
  await until(feed, "document.querySelectorAll('#snapshots tbody tr').length === 1");
  await feed.goto(`${service.url}/snapshots/?from=${dayBefore(9)}&to=${dayBefore(8)}`);
  await expectText(feed, 'There is none of these days: it comes when its period ends.');
  await feed.context().close();
});

test('a link restores how the cards were looked at: parts, buckets, table, search, sorting, what is compared', async () => {
  const page = await open('/badges/');
  await settled(page);
  await page.locator('#issuance').getByRole('button', { name: 'Level', exact: true }).click();
  await page.locator('#issuance').getByRole('button', { name: 'Weeks' }).click();
  await page.locator('#all').getByRole('button', { name: 'Held' }).click();
  await page.getByLabel('Search badges by name or id').pressSequentially('node op');
  await page.getByRole('button', { name: 'Options of Badges issued over time' }).click();
  await page.getByRole('button', { name: 'Show as table' }).click();
  await until(page, "location.search.includes('all-search=node+op')");
  const there = await open(new URL(page.url()).pathname + new URL(page.url()).search);
  for (const one of [page, there]) {
    await one.locator('#issuance [aria-pressed="true"]', { hasText: 'Level' }).waitFor({ timeout: PATIENCE_MS });
    await one.locator('#issuance [aria-pressed="true"]', { hasText: 'Weeks' }).waitFor({ timeout: PATIENCE_MS });
    await one.locator('#issuance').getByRole('columnheader', { name: 'Level 1' }).waitFor({ timeout: PATIENCE_MS });
    await one.locator('#all [aria-sort="descending"]').getByText('Held').waitFor({ timeout: PATIENCE_MS });
    await until(one, "document.querySelectorAll('#all tbody tr').length === 1");
    expect(await one.getByLabel('Search badges by name or id').inputValue()).toBe('node op');
  }
  // Names begin with the first letter.
  await there.locator('#all').getByRole('button', { name: 'Badge', exact: true }).click();
  await there.locator('#all [aria-sort="ascending"]').getByText('Badge').waitFor({ timeout: PATIENCE_MS });
  // What was typed is no step; the table was the last, the order of the list the one before.
  await page.goBack();
  await page.locator('#issuance [data-plot] svg').waitFor({ timeout: PATIENCE_MS });
  await page.goto(`${service.url}/compare/`);
  await page.locator('#over-time').getByRole('button', { name: 'New members' }).click();
  await page.reload();
  await page.getByRole('heading', { level: 2, name: 'New members' }).waitFor({ timeout: PATIENCE_MS });
  await Promise.all([page, there].map((one) => one.context().close()));
});

test('a feed that rests stays as it is while more is loaded and another kind is chosen', async () => {
  const page = await open('/activity/');
  await expectLive(page, 'connected');
  const lines = page.locator('#feed ol > li');
  await lines.first().waitFor({ timeout: PATIENCE_MS });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.mouse.move(0, 0);
  const before = await lines.count();
  await service.deliver({ apply: [story.mints(2)] });
  await expectText(page, /^2 new$/);
  await page.getByRole('button', { name: 'Load more' }).press('Enter');
  await until(page, `document.querySelectorAll('#feed ol > li').length > ${before}`);
  await expectText(page, /^2 new$/);

  await page.getByRole('button', { name: 'Issued', exact: true }).click();
  await page.getByText(/^2 new$/).waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await settled(page);
  await service.deliver({ apply: [story.mints(3)] });
  await expectText(page, /^3 new$/);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.mouse.move(0, 0);
  await page.getByText(/^3 new$/).waitFor({ state: 'detached', timeout: PATIENCE_MS });

  // The pointer alone lets it rest, and go on.
  await page.locator('#feed h2').hover();
  await service.deliver({ apply: [story.mints(1)] });
  await expectText(page, /^1 new$/);
  await page.mouse.move(0, 0);
  await page.getByText(/^1 new$/).waitFor({ state: 'detached', timeout: PATIENCE_MS });

  // Its file has every event of the days, also those that a line tells together, or that are not loaded.
  await service.deliver({ apply: [story.batch(12)] });
  await expectText(page, 'Clarity Graduate × 12');
  const file = page.waitForEvent('download');
  await act(page, 'Feed', 'Download JSON');
  expect(JSON.parse(readFileSync(await (await file).path(), 'utf8'))).toHaveLength(await issuedNow());
  await page.context().close();
});

test('keys act where one sees what they do, and nowhere else', async () => {
  const carried = `?from=${dayBefore(9)}&to=${DAY}&category=education&day=${DAY}`;
  const page = await open(`/settings/${carried}`);
  await expectLive(page, 'connected');
  const theme = () => page.evaluate<string>('document.documentElement.dataset.theme');
  for (const key of ['[', ']', 'c', 'd', 'f', 's']) await page.keyboard.press(key);
  const was = await theme();
  await page.keyboard.press('t');
  await until(page, `document.documentElement.dataset.theme !== '${was}'`);
  expect(new URL(page.url()).search).toBe(carried);
  expect(await page.getByRole('dialog').count()).toBe(0);

  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expectHeading(page, 'Badges');
  await expectChip(page, 'Category', 'Education');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('s');
  await expectText(page, /^Link copied/);
  await page.keyboard.press('f');
  await page.getByRole('dialog', { name: 'Filter the page' }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await page.keyboard.press('Alt+c');
  expect(await page.evaluate('location.search')).toContain('category=');
  await page.keyboard.press('c');
  await until(page, "!location.search.includes('category') && !location.search.includes('day=')");
  await page.locator('[data-chip]').first().waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await settled(page);
  // Nine days are moved by nine, and back.
  await page.keyboard.press('[');
  await until(page, `location.search.includes('to=${dayBefore(10)}')`);
  // Some layouts have brackets behind Option.
  await page.keyboard.press('Alt+]');
  await until(page, `location.search.includes('to=${DAY}')`);
  const places = { o: 'Overview', c: 'Communities', u: 'Users', a: 'Activity', m: 'Compare', d: 'Boards' };
  for (const [key, name] of Object.entries({ ...places, s: 'Snapshots', h: 'Chain', l: 'Alerts', e: 'Settings' })) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expectHeading(page, name);
  }
  await page.context().close();
});

test('days are chosen in the calendar, and compared with those of the year before', async () => {
  const page = await open('/badges/');
  await expectNumber(page, 'badgesIssued', await issuedNow());
  await page.keyboard.press('d');
  const grid = page.getByRole('grid');
  await grid.waitFor({ timeout: PATIENCE_MS });
  // Both ends are chosen anew: a press while both are set begins.
  const [year, month] = DAY.split('-');
  const cell = grid.locator(`[data-day="${DAY}"] button`);
  if ((await cell.count()) === 0) await page.getByRole('button', { name: /previous month/i }).click();
  await cell.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
  await until(page, `location.search.includes('${year}-${month}')`);
  expect([said(page, 'from'), said(page, 'to')]).toEqual([DAY, DAY]);
  await page.getByRole('button', { name: /^Compared with/ }).click();
  await page.getByRole('button', { name: 'Year before' }).click();
  await expectText(page, /, UTC, against .*\d{4}/);
  expect(said(page, 'compare')).toBe('year');
  await page.context().close();
});

const issuedNow = async (): Promise<number> => {
  const answer = await fetch(`${service.url}/api/analytics/query?metric=badgesIssued&interval=total`);
  return ((await answer.json()) as { total: number }).total;
};

test('how fresh the numbers are shows in every window, and fits', async () => {
  for (const width of [360, 1024, 1100, 1280, 1536]) {
    const page = await open('/', { width });
    await expectLive(page, 'connected');
    await page.locator('[data-fresh]', { hasText: /ago|now/ }).waitFor({ timeout: PATIENCE_MS });
    expect(await faults(page)).toEqual([]);
    await page.context().close();
  }
});

test('a report tells how far it is, and is saved', async () => {
  const page = await open('/');
  await settled(page);
  let finish: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => (finish = resolve));
  await page.route('**/api/reports/*', async (route) => {
    const response = await route.fetch();
    const job = (await response.json()) as object;
    // Half of it, until the page has said so.
    await route.fulfill({ json: { ...job, status: 'running', progress: 50, file: null } });
    finish?.();
  });
  const file = page.waitForEvent('download');
  await page.locator('[data-report]').click();
  await asked;
  await page.locator('[data-report]', { hasText: 'Report 50 %' }).waitFor({ timeout: PATIENCE_MS });
  expect(await page.locator('[data-report]').isDisabled()).toBe(true);
  await page.unroute('**/api/reports/*');
  expect((await file).suggestedFilename()).toMatch(/\.pdf$/);
  await expectText(page, 'The report is saved');
  await page.context().close();
});

test('a page asks for each thing once, though the live connection comes up meanwhile', async () => {
  const page = await open('/settings/');
  await expectLive(page, 'connected');
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/analytics/query')) asked.push(search);
  });
  await page.goto(`${service.url}/communities/`);
  await expectLive(page, 'connected');
  await settled(page);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((one, index) => asked.indexOf(one) !== index)).toEqual([]);
  await page.context().close();
});

test('a part that is all the rest is told by its name; several are told as so many others', async () => {
  const categories = ['education', 'open-source', 'community', 'events', 'governance', 'infrastructure'];
  await service.deliver({
    apply: [story.ofCategories(100, categories), story.ofCategories(200, [...categories, 'mentoring'])],
  });
  // The story is told of the day before.
  const partsOf = async (page: Page, days: number): Promise<string[]> => {
    await page.goto(`${service.url}/badges/?from=${dayBefore(days + 2)}&to=${dayBefore(days)}`);
    await settled(page);
    await page.locator('#issuance li', { hasText: 'Education' }).waitFor({ timeout: PATIENCE_MS });
    return (await page.locator('#issuance li').allTextContents()).toSorted();
  };
  const page = await open('/settings/');
  expect(await partsOf(page, 100)).toEqual([
    ...['Community1', 'Education1', 'Events1', 'Governance1', 'Infrastructure1', 'Open source1'],
  ]);
  const parts = await partsOf(page, 200);
  expect([parts.length, parts.filter((part) => part.includes('others'))]).toEqual([6, ['2 others2']]);
  await page.context().close();
});

test('two communities are compared as the link names them, however many are larger', async () => {
  await service.deliver({ apply: [story.communities(110)] });
  const page = await open('/compare/?mode=communities&b=110');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const picker = (name: string) => page.getByRole('button', { name, exact: true });
  await picker('One: Clarity Guild').waitFor({ timeout: PATIENCE_MS });
  await picker('The other: Guild 110').click();
  await page.getByLabel('Find by name or id').fill('guild 57');
  await page.getByRole('dialog').getByRole('button', { name: 'Guild 57' }).click();
  await picker('The other: Guild 57').waitFor({ timeout: PATIENCE_MS });
  await page.locator('#numbers').getByRole('columnheader', { name: 'Guild 57' }).waitFor({ timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Share' }).click();
  await expectText(page, /^Link copied/);
  const { searchParams } = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
  expect([searchParams.get('a'), searchParams.get('b')]).toEqual(['1', '57']);
  await page.goto(`${service.url}/compare/?mode=communities&a=999`);
  await expectText(page, 'No community 999 is known.');
  await page.context().close();
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.flatMap(({ foreign, errors }) => [...foreign, ...errors])).toEqual([]);
});
