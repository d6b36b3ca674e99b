import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Download, Locator, Page } from 'playwright-core';
import { launchBrowser, openPage, overflow, type View, type Watched } from './support/browser';
import {
  act,
  expectChip,
  expectHeading,
  expectLive,
  expectNumber,
  expectText,
  faults,
  lookAs,
  PATIENCE_MS,
  settled,
  until,
} from './support/page';
import { block } from '../../backend/test/support/payloads';
import { PAGES } from './support/pages';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

jest.setTimeout(300_000);

const VIEWS = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 360 },
] as const;
/** Screens of walls and desks, beside the two that most have. */
const LARGE = [2560, 3840];
/** Between them they have most parts: numbers, charts, grids, lists, lines of the feed. */
const HIGH_CONTRAST = ['/', '/users/', '/activity/', '/chain/'];
const ISSUED = 12;

let browser: Browser;
let service: Service;
/** The story is told of the noon of the day before: its blocks lie on one day, whatever the time is now. */
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const story = new Story(Date.parse(`${DAY}T12:00:00Z`) / 1000);
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: true })]);
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

async function textOf(download: Promise<Download>): Promise<string> {
  return readFileSync(await (await download).path(), 'utf8');
}

const valueText = async (slider: Locator): Promise<string> => (await slider.getAttribute('aria-valuetext')) ?? '';

const queried = async (metric: string): Promise<number> => {
  const answer = await fetch(`${service.url}/api/analytics/query?metric=${metric}&interval=total`);
  return ((await answer.json()) as { total: number }).total;
};

// First, while there is nothing: the tests below tell the service its story.
test('a service that has counted nothing says so on every page, without a fault that axe can find', async () => {
  const page = await open('/', { width: 390 });
  const found: string[] = [];
  for (const path of PAGES.filter((one) => !one.includes('?id='))) {
    await page.goto(`${service.url}${path}`);
    await settled(page);
    found.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
  }
  expect(found).toEqual([]);
  await page.goto(`${service.url}/badge/?id=99`);
  await expectHeading(page, 'No such badge');
  expect(await faults(page)).toEqual([]);
  await page.context().close();
});

describe('a service that has something to tell', () => {
  beforeAll(async () => {
    await service.deliver({ apply: [story.founding(), story.mints(ISSUED)] });
  });

  test('no page has a fault that axe can find, and all fit, wide and light as narrow and dark, in turn first', async () => {
    const page = await open('/');
    const found: string[] = [];
    for (const [index, path] of PAGES.entries()) {
      // The other way round than `states.test.ts`: in one of the two each page is loaded narrow and dark.
      const views = index % 2 === 0 ? VIEWS.toReversed() : VIEWS;
      for (const view of views) {
        await lookAs(page, view);
        if (view === views[0]) await page.goto(`${service.url}${path}`);
        await settled(page);
        if (await page.getByText('could not be loaded').count()) found.push(`${path}: a part could not be loaded`);
        found.push(...(await faults(page)).map((fault) => `${path} ${view.theme}: ${fault}`));
      }
      await page.emulateMedia({ colorScheme: 'light' });
      for (const width of LARGE) {
        await page.setViewportSize({ width, height: 1440 });
        await settled(page);
        // What axe looks at hardly depends on such widths: the page that holds the most stands for all.
        const wrong = path === '/' ? await faults(page) : (await overflow(page)) > 0 ? ['it overflows'] : [];
        found.push(...wrong.map((fault) => `${path} at ${width} px: ${fault}`));
      }
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  test('while answers are on their way, and where one fails, the page has no fault; the part that failed loads again', async () => {
    const page = await open('/settings/');
    await expectLive(page, 'connected');
    let answer: (() => void) | undefined;
    const waiting = new Promise<void>((done) => {
      answer = done;
    });
    await page.route('**/api/analytics/query*', async (route) => {
      await waiting;
      await route.abort();
    });
    await page.getByRole('link', { name: 'Badges' }).click();
    await page.locator('[aria-busy="true"]').first().waitFor({ timeout: PATIENCE_MS });
    expect(await faults(page)).toEqual([]);

    answer?.();
    await expectText(page, 'This part could not be loaded.');
    expect(await faults(page)).toEqual([]);

    await page.unroute('**/api/analytics/query*');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expectNumber(page, 'badgesIssued', ISSUED);
    await page.context().close();
  });

  test('arrive, understand, narrow down, share: the link shows another viewer the same', async () => {
    const page = await open('/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await expectNumber(page, 'badgesIssued', ISSUED);

    await page.locator('#held-by-category').getByRole('button', { name: 'Education' }).click();
    await expectChip(page, 'Category', /Education/);
    await expectNumber(page, 'badgesIssued', ISSUED / 3);
    // New users have no category: the number is left out rather than shown unfiltered.
    await page.locator('[data-metric="newUsers"]').waitFor({ state: 'detached', timeout: PATIENCE_MS });

    const place = page.getByRole('slider', { name: /^Badges issued and people reached/ });
    await place.press('Home');
    await until(page, "document.activeElement.getAttribute('aria-valuenow') === '0'");
    await place.press('End');
    // The last day is today, or tomorrow if midnight passed since the story was told: back to the day that has something.
    while (/: Issued 0,/.test(await valueText(place))) await place.press('ArrowLeft');
    await place.press('Enter');
    await expectChip(page, 'Day', /\d/);
    await expectNumber(page, 'badgesIssued', ISSUED / 3);

    await page.locator('#top-badges').getByRole('link', { name: 'Page of Clarity Graduate' }).click();
    await expectHeading(page, 'Clarity Graduate');
    await expectNumber(page, 'badgesIssued', ISSUED / 3);
    await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Badges' }).click();
    await expectHeading(page, 'Badges');
    await expectChip(page, 'Category', /Education/);
    await expectNumber(page, 'badgesIssued', ISSUED / 3);

    await page.getByRole('button', { name: 'Share' }).click();
    await expectText(page, /^Link copied/);
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    const other = await open(link.slice(service.url.length));
    await expectChip(other, 'Category', /Education/);
    await expectChip(other, 'Day', /\d/);
    await expectNumber(other, 'badgesIssued', ISSUED / 3);
    expect(new URL(other.url()).searchParams.get('from')).toMatch(/^\d{4}-\d{2}-\d{2}$/);

    await other.getByRole('button', { name: /^Remove Category/ }).click();
    await expectNumber(other, 'badgesIssued', ISSUED);
    await other.goBack();
    await expectChip(other, 'Category', /Education/);
    await Promise.all([page, other].map((one) => one.context().close()));
  });

  test('a card can be read as a table and taken along: its figures are the service’s', async () => {
    const page = await open('/');
    await settled(page);
    const issued = await queried('badgesIssued');
    const card = 'Badges issued and people reached';
    await act(page, card, 'Show as table');
    await page.locator('#over-time').getByRole('columnheader', { name: 'Issued', exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);

    const csv = textOf(page.waitForEvent('download'));
    await act(page, card, 'Download CSV');
    const rows = (await csv).trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(30);
    expect(rows.reduce((sum, row) => sum + Number(row.split(',')[1]), 0)).toBe(issued);
    const json = textOf(page.waitForEvent('download'));
    await act(page, card, 'Download JSON');
    const objects = JSON.parse(await json) as { Issued: number }[];
    expect(objects.map((object) => object.Issued)).toEqual(rows.map((row) => Number(row.split(',')[1])));
    const parquet = textOf(page.waitForEvent('download'));
    await act(page, card, 'Download Parquet');
    expect(await parquet).toMatch(/^PAR1[^]*PAR1$/);

    await act(page, card, 'Show the picture');
    await page.locator('#over-time [data-plot] svg').waitFor({ timeout: PATIENCE_MS });
    const svg = textOf(page.waitForEvent('download'));
    await act(page, card, 'Download SVG');
    expect(await svg).toMatch(/^<svg[^]*Issued[^]*<\/svg>$/);

    const png = page.waitForEvent('download');
    await act(page, card, 'Download PNG');
    const picture = readFileSync(await (await png).path());
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    // Width and height stand in the first chunk: twice the card's, since it is drawn twice as fine.
    expect(picture.readUInt32BE(16)).toBeGreaterThan(1_000);
    const bars = textOf(page.waitForEvent('download'));
    await act(page, 'Held by category', 'Download SVG');
    expect(await bars).toMatch(/^<svg[^]*Education[^]*<\/svg>$/);
    await page.context().close();
  });

  test('everything is a key away: the list of keys, pages, days, and the way back', async () => {
    const page = await open('/');
    await settled(page);
    // A key that is pressed before the page listens is nobody's.
    await expectLive(page, 'connected');
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.waitFor({ timeout: PATIENCE_MS });
    expect(await faults(page)).toEqual([]);
    // What is open is not left by a letter.
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await expectHeading(page, 'Overview');
    // `d` alone opens the days, after `g` it is the boards.
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await expectHeading(page, 'Boards');
    expect(await page.getByRole('grid').count()).toBe(0);
    await page.goBack();
    await expectHeading(page, 'Overview');

    await page.keyboard.press('[');
    await page.waitForURL(/from=/);
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await expectHeading(page, 'Users');
    expect(page.url()).toMatch(/from=/);
    await page.goBack();
    await expectHeading(page, 'Overview');
    await page.keyboard.press('d');
    await page.getByRole('grid').waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(await page.evaluate("document.activeElement.dataset.key === 'd'")).toBe(true);
    await page.context().close();
  });

  test('on a narrow window the pages are in a sheet that gives the focus back', async () => {
    const page = await open('/badges/', { width: 360 });
    await settled(page);
    const button = page.getByRole('button', { name: 'Pages' });
    await button.press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Pages' });
    await sheet.waitFor({ timeout: PATIENCE_MS });
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Pages');
    await button.click();
    await sheet.getByRole('link', { name: 'Chain' }).click();
    await expectHeading(page, 'Chain');
    await page.context().close();
  });

  test('the feed rests while told to, says how much is new, and shows one kind when asked', async () => {
    const page = await open('/activity/');
    await expectText(page, 'Clarity Guild');
    await page.locator('#feed').getByRole('link', { name: 'Clarity Guild' }).last().click();
    await expectHeading(page, 'Clarity Guild');
    await page.goBack();
    await page.locator('#feed').getByRole('link', { name: 'Node Operator' }).first().click();
    await expectHeading(page, 'Node Operator');
    await page.goBack();
    await expectLive(page, 'connected');
    await page.getByRole('button', { name: 'Pause' }).click();
    await service.deliver({ apply: [story.mints(3)] });
    await expectText(page, /^3 new$/);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.mouse.move(0, 0);
    await page.getByText(/^3 new$/).waitFor({ state: 'detached', timeout: PATIENCE_MS });

    await page.getByRole('button', { name: 'Communities', exact: true }).click();
    expect(new URL(page.url()).searchParams.get('kind')).toBe('community_created');
    await page.getByText('joined').first().waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await expectText(page, 'Clarity Guild founded');

    await page.getByRole('button', { name: 'Everything', exact: true }).click();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByLabel('Find by name or id').fill('node');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Node Operator' }).click();
    await expectChip(page, 'Badge', 'Node Operator');
    await page.locator('#feed').getByText('joined').first().waitFor({ state: 'detached', timeout: PATIENCE_MS });
    const csv = textOf(page.waitForEvent('download'));
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    const [, ...lines] = (await csv).trim().split('\r\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toContain('Node Operator');
    await page.context().close();
  });

  test('an issuer is named with a way to their own page, and from there to theirs as a person', async () => {
    const page = await open('/badge/?id=1');
    const issuers = page.locator('#issuers');
    await issuers.getByRole('link', { name: /^Page of/ }).click();
    await expectText(page, 'Every badge of theirs');
    await expectNumber(page, 'badgesIssued', await queried('badgesIssued'));
    await page.getByRole('link', { name: /their passport/ }).click();
    await page.getByRole('link', { name: /issued \d+ badges/ }).waitFor({ timeout: PATIENCE_MS });
    await page.context().close();
  });

  test('a list is searched and sorted by the service, and leads to the page of one', async () => {
    const page = await open('/badges/');
    const other = page.locator('#all').getByRole('link', { name: 'Clarity Graduate' });
    await other.waitFor({ timeout: PATIENCE_MS });
    await page.getByLabel('Search badges by name or id').fill('node op');
    const rows = page.locator('#all tbody tr');
    await other.waitFor({ state: 'detached' });
    await page.locator('#all').getByRole('link', { name: 'Node Operator' }).waitFor({ timeout: PATIENCE_MS });
    expect(await rows.count()).toBe(1);
    await page.locator('#all').getByRole('button', { name: 'Held' }).click();
    await page.locator('#all [aria-sort="descending"]').getByText('Held').waitFor({ timeout: PATIENCE_MS });
    const whole = textOf(page.waitForEvent('download'));
    await act(page, 'All badges', 'Download JSON');
    // As the service has it: what is searched for, with every field, however much of it is shown.
    expect(JSON.parse(await whole)).toMatchObject([{ badgeName: 'Node Operator', category: 'community' }]);
    await page.locator('#all').getByRole('link', { name: 'Node Operator' }).click();
    await expectHeading(page, 'Node Operator');
    await page.context().close();
  });

  test('what was not understood is for admins, who take it again or drop it', async () => {
    await service.post(JSON.stringify({ apply: 'no list of blocks' }));
    const page = await open('/chain/');
    await page.getByRole('link', { name: 'Sign in with the admin token' }).click();
    await page.getByLabel('Viewer or admin token').fill(service.adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('link', { name: 'Chain' }).click();
    await page.getByRole('button', { name: 'Take again' }).click();
    await expectText(page, 'It is still not understood');
    await page.getByText('What was delivered', { exact: true }).click();
    await expectText(page, /no list of blocks/);
    await settled(page);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drop' }).click();
    await page.getByRole('button', { name: 'Drop for good?' }).click();
    await expectText(page, 'Everything that was delivered was understood.');

    // One block is replaced; of those above it nobody said on what they stand.
    for (const [height, fork] of [
      [40, 'X'],
      [43, 'Y'],
      [46, 'Y'],
      [40, 'Z'],
    ] as const)
      await service.deliver({ apply: [block(height, [], { fork, parentFork: `${fork} before` })] });
    const unproven = (height: number) => page.locator(`[data-block="${height}"]`);
    await unproven(43).getByRole('button', { name: 'Confirm' }).click();
    await unproven(43).getByRole('button', { name: 'Really confirm block 43?' }).click();
    await unproven(43).waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await unproven(46).getByRole('button', { name: 'Retract' }).click();
    expect(await faults(page)).toEqual([]);
    await unproven(46)
      .getByRole('button', { name: /^Really retract block 46/ })
      .click();
    await expectText(page, 'Every block that counts is proven.');
    await page.context().close();
  });

  test('look, language and clock are chosen in the settings and kept', async () => {
    const page = await open('/settings/');
    const found: string[] = [];
    await page.getByRole('group', { name: 'Contrast' }).getByRole('button', { name: 'More' }).click();
    await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
    await page.getByLabel('Written as in').selectOption('de-DE');
    await expectText(page, /1\.234\.567/);
    expect(await faults(page)).toEqual([]);
    for (const [index, path] of HIGH_CONTRAST.entries()) {
      await page.goto(`${service.url}${path}`);
      // Each finds what was chosen on the page before, and changes it.
      const themes = index % 2 === 0 ? ['dark', 'light'] : ['light', 'dark'];
      for (const theme of themes) {
        if (theme !== themes[0]) {
          await expectLive(page, 'connected');
          await page.keyboard.press('t');
        }
        await page.locator(`html[data-contrast="more"][data-theme="${theme}"]`).waitFor({ timeout: PATIENCE_MS });
        await settled(page);
        found.push(...(await faults(page)).map((fault) => `${path} ${theme}: ${fault}`));
      }
    }
    expect(found).toEqual([]);
    await page.context().close();
  });
});

test('the first load is at most 170 kB of compressed JavaScript; when the page stands is printed', async () => {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const scripts = new Map<string, number>();
  const names = new Map<string, string>();
  session.on('Network.responseReceived', ({ requestId, response, type }) => {
    if (type === 'Script') names.set(requestId, response.url);
  });
  // As they come, compressed; without the headers of the answers, which have nothing to do with what a page holds.
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId);
    if (name !== undefined) scripts.set(name, (scripts.get(name) ?? 0) + encodedDataLength);
  });
  await page.addInitScript(
    `new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime }).observe({ type: 'largest-contentful-paint', buffered: true })`,
  );
  await page.goto(service.url);
  await settled(page);
  // What the page itself asks for; the rest comes when it is needed: charts, socket, panels.
  const html = await (await fetch(service.url)).text();
  const first = [...scripts].filter(([name]) => html.includes(new URL(name).pathname));
  const bytes = first.reduce((sum, [, size]) => sum + size, 0);
  const largest = await page.evaluate<number>('window.largest');
  console.info(
    `first load: ${(bytes / 1000).toFixed(0)} kB of JavaScript in ${first.length} files, largest contentful paint ${largest.toFixed(0)} ms (CPU slowed down 4 times)`,
  );
  expect(first.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(170_000);
  await context.close();
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.flatMap(({ foreign }) => foreign)).toEqual([]);
  expect(opened.flatMap(({ errors }) => errors)).toEqual([]);
});
