import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser, openPage, type Theme, type Watched } from './support/browser';
import { act, expectLive, expectNumber, expectText, faults, lookAs, PATIENCE_MS, settled, until } from './support/page';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

// A browser starts, a service is killed and started again: seconds, on a busy machine many.
jest.setTimeout(180_000);

const VIEWS = (['light', 'dark'] as Theme[]).flatMap((theme) => [390, 1440].map((width) => ({ theme, width })));

let browser: Browser;
const opened: Watched[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function open(url: string, view: { theme?: Theme; width?: number } = {}): Promise<Page> {
  const watched = await openPage(browser, url, view);
  opened.push(watched);
  return watched.page;
}

/** What is wrong with a page that stands, in each of the views. */
async function faultsInEachView(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const view of VIEWS) {
    await lookAs(page, view);
    await settled(page);
    found.push(...(await faults(page)).map((fault) => `${view.theme}, ${view.width} px: ${fault}`));
  }
  return found;
}

/** Leaves a mark that a reload would wipe away. */
const mark = (page: Page) => page.evaluate('window.notReloaded = true');
const notReloaded = (page: Page) => page.evaluate<boolean>('window.notReloaded === true');

const totalOf = async (page: Page): Promise<number> => {
  const total = page.locator('[data-metric="totalBadgesIssued"]');
  await total.waitFor({ timeout: PATIENCE_MS });
  return Number(await total.getAttribute('data-value'));
};

const newStory = () => new Story(Math.floor(Date.now() / 1000));

describe('a service that has counted nothing yet', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ open: true });
  });
  afterAll(() => service.close());

  test('it says how to feed it, without a fault that axe can find, and fits', async () => {
    const page = await open(service.url);
    await expectText(page, 'Waiting for the first block');
    await expectLive(page, 'connected');
    expect(await faultsInEachView(page)).toEqual([]);
    await page.context().close();
  });

  test('the first blocks delivered become the overview, without a reload', async () => {
    const story = newStory();
    const page = await open(service.url);
    await expectText(page, 'Waiting for the first block');
    await expectLive(page, 'connected');
    await mark(page);
    await service.deliver({ apply: [story.founding(), story.mints(6)] });
    await expectNumber(page, 'badgesIssued', 6);
    await expectNumber(page, 'totalBadgesIssued', 6);
    await expectText(page, 'Clarity Guild founded');
    expect(await notReloaded(page)).toBe(true);
    await page.context().close();
  });
});

describe('a live dashboard', () => {
  let service: Service;
  const story = newStory();
  beforeAll(async () => {
    service = await startService({ open: true });
    await service.deliver({ apply: [story.founding(), story.mints(6)] });
  });
  afterAll(() => service.close());

  test('what is delivered changes headline, totals and tables without a reload', async () => {
    const page = await open(service.url);
    const before = await totalOf(page);
    await expectLive(page, 'connected');
    await mark(page);
    await service.deliver({ apply: [story.mints(6)] });
    await expectNumber(page, 'badgesIssued', before + 6);
    await expectNumber(page, 'totalBadgesIssued', before + 6);
    // No update carries the tables: they are fetched again behind it. Two of six mints are of each badge.
    const row = page.getByRole('row', {
      name: new RegExp(`^Clarity Graduate Page of Clarity Graduate .* ${(before + 6) / 3}$`),
    });
    await row.waitFor({ timeout: PATIENCE_MS });
    expect(await notReloaded(page)).toBe(true);
    await page.context().close();
  });

  test('a reorganisation is told in words, and the numbers follow', async () => {
    await service.deliver({ apply: [story.mints(5)] });
    const page = await open(service.url);
    const before = await totalOf(page);
    await expectLive(page, 'connected');
    await service.deliver({ apply: [story.instead(2)] });
    await expectText(page, '5 badges withdrawn, 2 issued again');
    await expectText(page, '1 block replaced');
    await expectNumber(page, 'totalBadgesIssued', before - 3);
    expect(await totalOf(page)).toBe(before - 3);
    await page.context().close();
  });

  test('a service that is killed shows as offline; when it is back the page recovers without a reload', async () => {
    const page = await open(service.url);
    const before = await totalOf(page);
    await expectLive(page, 'connected');
    await mark(page);

    await service.kill();
    await expectLive(page, 'offline');
    await expectText(page, 'The service cannot be reached.');
    await expectNumber(page, 'totalBadgesIssued', before);
    expect(await axeViolations(page)).toEqual([]);

    await service.restart();
    await expectLive(page, 'connected');
    await page.getByText('The service cannot be reached.').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await service.deliver({ apply: [story.mints(3)] });
    await expectNumber(page, 'totalBadgesIssued', before + 3);
    expect(await notReloaded(page)).toBe(true);
    await page.context().close();
  });

  test('the chosen days are in the address and survive a reload', async () => {
    const page = await open(service.url);
    await totalOf(page);
    await page.getByRole('button', { name: 'Last 30 days' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    expect(new URL(page.url()).search).toBe('?range=7d');
    await expectText(page, /against the 7 days before/);
    await page.reload();
    await expectText(page, /against the 7 days before/);
    expect(await totalOf(page)).toBeGreaterThan(0);
    await page.context().close();
  });

  test('days to come are not drawn, whatever the address says', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const page = await open(`${service.url}/?from=${day(-9)}&to=${day(9)}`);
    await totalOf(page);
    const place = page.getByRole('slider', { name: /^Badges issued and people reached/ });
    await place.waitFor({ timeout: PATIENCE_MS });
    expect(await place.getAttribute('aria-valuemax')).toBe('9');
    await page.context().close();
  });

  test('the link of a card shows another viewer these very days, and that card, which comes late; a board has none', async () => {
    const page = await open(`${service.url}/?range=7d`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await settled(page);
    await act(page, 'When badges are issued', 'Copy link');
    await expectText(page, 'Link copied');
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(new URL(link).search).toMatch(/^\?from=\d{4}-\d{2}-\d{2}&to=\d{4}-\d{2}-\d{2}$/);
    const there = await open(link);
    await settled(there);
    await until(
      there,
      `(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.getElementById('peak-hour').getBoundingClientRect())`,
    );

    const response = await fetch(`${service.url}/api/boards`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'One',
        range: { preset: '7d' },
        widgets: [{ id: 'c', x: 0, y: 0, w: 3, h: 3, kind: 'chain' }],
      }),
    });
    const { board } = (await response.json()) as { board: { id: string } };
    await page.goto(`${service.url}/board/?id=${board.id}`);
    await page.getByRole('button', { name: /^Options of/ }).click();
    await page.getByRole('button', { name: 'Download PNG' }).waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('button', { name: 'Copy link' }).count()).toBe(0);
    await Promise.all([page, there].map((one) => one.context().close()));
  });

  test('the overview has no fault that axe can find and fits', async () => {
    const page = await open(service.url);
    await totalOf(page);
    await expectLive(page, 'connected');
    await page.locator('[data-plot] svg').first().waitFor({ timeout: PATIENCE_MS });
    expect(await faultsInEachView(page)).toEqual([]);
    await page.context().close();
  });

  test('calendar and chain details, opened by keyboard, have no fault that axe can find', async () => {
    const page = await open(service.url);
    await totalOf(page);
    const calendar = page.getByRole('button', { name: 'Last 30 days' });
    await calendar.press('Enter');
    await page.getByRole('grid').waitFor({ timeout: PATIENCE_MS });
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // A frame later than it closes: a key that comes between goes to the button that focus goes back to.
    await calendar.and(page.locator(':focus')).waitFor({ timeout: PATIENCE_MS });
    await page.locator('[data-live]').press('Enter');
    await expectText(page, 'Newest block');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  test('a theme chosen by hand is kept', async () => {
    const page = await open(service.url);
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Light theme' }).waitFor({ timeout: PATIENCE_MS });
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.context().close();
  });
});

describe('a dashboard that asks who is there', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ open: false });
  });
  afterAll(() => service.close());

  test('the sign-in screen has no fault that axe can find and fits', async () => {
    const page = await open(service.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: PATIENCE_MS });
    expect(await faultsInEachView(page)).toEqual([]);
    await page.context().close();
  });

  test('a wrong token is refused in words, the right one opens, signing out closes', async () => {
    const page = await open(service.url);
    const token = page.getByLabel('Viewer or admin token');
    const signIn = page.getByRole('button', { name: 'Sign in' });

    await token.fill('no such token');
    await signIn.click();
    await expectText(page, 'The service does not know this token.');

    await token.fill(service.chainhookToken);
    await signIn.click();
    await expectText(page, 'This token may not view the dashboard.');

    await token.fill(service.viewerToken);
    await signIn.click();
    await expectText(page, 'Waiting for the first block');
    await expectLive(page, 'connected');
    await page.reload();
    await expectLive(page, 'connected');

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: PATIENCE_MS });
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: PATIENCE_MS });
    await page.context().close();
  });
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.flatMap(({ foreign }) => foreign)).toEqual([]);
  expect(opened.flatMap(({ errors }) => errors)).toEqual([]);
});
