import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type View, type Watched } from './support/browser';
import { expectLive, expectNumber, expectText, PATIENCE_MS, settled, until } from './support/page';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

/** What a page that is kept open does by itself: numbers roll, charts grow, and a break leaves no trace. */
jest.setTimeout(180_000);

const MANY = 60;
const story = new Story(Math.floor(Date.now() / 1000));
let issued = 6;

let browser: Browser;
let service: Service;
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: true })]);
  // Of the third badge, Node Operator, most were issued three weeks ago: it falls, the other two rise.
  await service.deliver({ apply: [story.founding(), story.earlier(21, 3, 9), story.mints(issued)] });
  issued += 9;
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function openOverview(view: View = {}): Promise<Page> {
  const watched = await openPage(browser, service.url, view);
  opened.push(watched);
  await settled(watched.page);
  await expectLive(watched.page, 'connected');
  return watched.page;
}

/** Notes every text that the number of badges issued passes through, from now on, and leaves a mark that a reload wipes away. */
const watchNumber = (page: Page) =>
  page.evaluate(`(() => {
    const number = document.querySelector('[data-metric="badgesIssued"] [data-value]');
    window.passed = [];
    new MutationObserver(() => window.passed.push(Number(number.textContent.replace(/\\D/g, '')))).observe(number, {
      characterData: true, childList: true, subtree: true,
    });
  })()`);
const passed = (page: Page) => page.evaluate<number[]>('window.passed');

async function issue(page: Page, count: number): Promise<void> {
  await service.deliver({ apply: [story.mints(count)] });
  issued += count;
  await expectNumber(page, 'badgesIssued', issued);
}

/** The lines of the chart of the page, as drawn. */
const LINES = `[...document.querySelectorAll('#over-time [data-plot] path')].map((path) => path.getAttribute('d')).join(' ')`;
const lines = (page: Page) => page.evaluate<string>(LINES);

test('what rises trends; numbers roll to what they are and the chart gains it without a reload', async () => {
  const page = await openOverview({ motion: true });
  const trending = page.locator('#trending tbody tr');
  expect((await trending.allTextContents()).map((row) => row.slice(0, 5)).toSorted()).toEqual(['Clari', 'First']);
  await expectText(page, /Paler: the period before. Dashed: today so far\.$/);
  await watchNumber(page);
  await page.evaluate(`document.querySelector('#over-time [data-plot] svg').notDrawnAnew = true`);
  const before = await lines(page);
  const from = issued;
  // A machine that is busy may draw no frame while it rolls: then it rolls again.
  for (let tries = 0; tries < 5; tries += 1) {
    await issue(page, MANY);
    if ((await passed(page)).some((number) => number > from && (number - from) % MANY !== 0)) break;
  }
  const numbers = await passed(page);
  expect(numbers.filter((number) => number > from && (number - from) % MANY !== 0)).not.toEqual([]);
  expect(numbers.at(-1)).toBe(issued);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));

  const place = page.getByRole('slider', { name: /^Badges issued and people reached/ });
  await until(
    page,
    `document.querySelector('#over-time [role="slider"]').ariaValueText.includes('Issued ${issued - 9},')`,
  );
  expect(await place.getAttribute('aria-valuetext')).toMatch(/Active 4, New \d/);
  await until(page, `${LINES} !== ${JSON.stringify(before)}`);
  expect(await page.evaluate(`document.querySelector('#over-time [data-plot] svg').notDrawnAnew`)).toBe(true);
  await page.context().close();
});

test('who asks for less motion sees numbers jump', async () => {
  const page = await openOverview();
  await watchNumber(page);
  await issue(page, MANY);
  expect(new Set(await passed(page))).toEqual(new Set([issued]));
  await page.context().close();
});

test('after a break the page catches up: nothing is loading, empty or missing in between', async () => {
  const page = await openOverview();
  const cards = await page.locator('main section').count();
  await page.evaluate(`(() => {
    window.flickers = [];
    const numbers = document.querySelectorAll('main [data-value]').length;
    new MutationObserver(() => {
      const main = document.querySelector('main');
      if (main.querySelector('.animate-sheen, [aria-busy="true"]')) window.flickers.push('loading');
      if (/No badge was|Nothing happened|could not be loaded|Waiting for/.test(main.innerText)) window.flickers.push('empty');
      if (main.querySelectorAll('section').length !== ${cards}) window.flickers.push('a card is gone');
      if (main.querySelectorAll('[data-value]').length < numbers) window.flickers.push('a number is gone');
    }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
  })()`);
  await service.kill();
  await expectLive(page, 'offline');
  await service.restart();
  await service.deliver({ apply: [story.mints(3)] });
  issued += 3;
  await expectLive(page, 'connected');
  await expectNumber(page, 'badgesIssued', issued);
  await expectNumber(page, 'totalBadgesIssued', issued);
  // Also what the warehouse answers, which is asked again last.
  await page.locator('#communities').getByText(String(issued)).waitFor({ timeout: PATIENCE_MS });
  await page.getByText('The service cannot be reached.').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  expect(await page.evaluate('window.flickers')).toEqual([]);
  await expectText(page, 'Clarity Guild');
  await page.context().close();
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.flatMap(({ foreign, errors }) => [...foreign, ...errors])).toEqual([]);
});
