import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { CreatedBoard } from '../../backend/src/contract';
import { launchBrowser, openPage, overflow, type View, type Watched } from './support/browser';
import { expectHeading, expectLive, expectText, faults, lookAs, PATIENCE_MS, settled } from './support/page';
import { PAGES_WITH_DATA } from './support/pages';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

/** Every page in each state that it can be in beside those of `pages.test.ts`: loading, failed, cut off, and calm. */
jest.setTimeout(300_000);

/** In turn: what axe finds in a state hangs on its parts, which all pages share. */
const VIEWS = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 390 },
] as const satisfies readonly View[];
const viewOf = (index: number): (typeof VIEWS)[number] => VIEWS[index % 2 === 0 ? 0 : 1];

const DATA = /\/api\/(analytics|badges|communities|users|issuers|issued-badges|alerts|boards)\b/;

let browser: Browser;
let service: Service;
const story = new Story(Math.floor(Date.now() / 1000));
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: true })]);
  await service.deliver({ apply: [story.founding(), story.mints(6)] });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(path: string, view: View = VIEWS[0]): Promise<Page> {
  const watched = await openPage(browser, `${service.url}${path}`, view);
  opened.push(watched);
  return watched.page;
}

const NOT_YET = { status: 503, contentType: 'application/problem+json', body: '{"detail":"Not yet."}' };
/** Holds back what is asked of these addresses, then refuses it. @returns what ends the waiting */
async function hold(page: Page, addresses: RegExp): Promise<() => void> {
  let end: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  await page.route(addresses, async (route) => {
    await held;
    await route.fulfill(NOT_YET);
  });
  return end;
}

const named = async (path: string, page: Page): Promise<string[]> =>
  (await faults(page)).map((fault) => `${path}: ${fault}`);

test('while its answers are on their way, and when they fail, every page says so, without a fault that axe can find', async () => {
  const page = await open('/settings/');
  await expectLive(page, 'connected');
  const found: string[] = [];
  for (const [index, path] of PAGES_WITH_DATA.entries()) {
    const end = await hold(page, DATA);
    await lookAs(page, viewOf(index));
    await page.goto(`${service.url}${path}`);
    // Past the frame that the exported page holds: the clock of the live page is there.
    await page.locator('footer').waitFor({ timeout: PATIENCE_MS });
    await page.locator('main [aria-busy="true"]').first().waitFor({ timeout: PATIENCE_MS });
    found.push(...(await named(`${path} loading`, page)));
    end();
    await lookAs(page, viewOf(index + 1));
    await expectText(page, 'This part could not be loaded.');
    found.push(...(await named(`${path} failed`, page)));
    await page.unroute(DATA);
  }
  expect(found).toEqual([]);
  await page.context().close();
});

test('who asks for less motion sees nothing slide, roll or breathe', async () => {
  const page = await open('/');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.reload();
  await settled(page);
  const moving = `[...document.querySelectorAll('*')].filter((element) => {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
    const lasts = (times) => times.split(',').some((time) => parseFloat(time) > 0.05);
    return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration);
  }).length`;
  expect(await page.evaluate<number>(moving)).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await settled(page);
  expect(await page.evaluate<number>(moving)).toBe(0);
  await page.context().close();
});

/** What a page shows of its data: numbers, rows, lines. Times go by while it stands. */
const shown = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('main :not([data-metric="lag"]) > [data-value], main td:not(:has(time)), main th, main li p')].map((one) => one.textContent)`,
  );
/** A badge that is minted is nowhere to be seen on these. */
const CUT_OFF = [...PAGES_WITH_DATA, '/chain/'];
const UNTOUCHED = ['/compare/?mode=communities', '/boards/', '/snapshots/', '/alerts/'];

test('every page that is cut off says so at once and keeps what it shows; it catches up by itself', async () => {
  const kept: string[][] = [];
  const pages: Page[] = [];
  for (const [index, path] of CUT_OFF.entries()) {
    const page = await open(path, viewOf(index));
    await settled(page);
    await expectLive(page, 'connected');
    pages.push(page);
    kept.push(await shown(page));
  }
  await service.kill();
  const found: string[] = [];
  for (const [index, page] of pages.entries()) {
    await expectLive(page, 'offline');
    await expectText(page, 'The service cannot be reached.');
    expect(await shown(page)).toEqual(kept[index]);
    // What is new on a page that is cut off is the same on all: of every second pair, one in each view, it is looked at.
    if (Math.floor(index / 2) % 2 === 0) found.push(...(await named(`${CUT_OFF[index]} offline`, page)));
    else if ((await overflow(page)) > 0) found.push(`${CUT_OFF[index]} offline: it overflows`);
  }
  await service.restart();
  // Some look again only now: what came meanwhile is no update to them.
  await service.deliver({ apply: [story.mints(3)] });
  for (const [index, page] of pages.entries()) {
    await expectLive(page, 'connected');
    const path = CUT_OFF[index] ?? '';
    if (!UNTOUCHED.includes(path)) {
      const before = kept[index] ?? [];
      for (let tries = 300; isDeepStrictEqual(await shown(page), before); tries -= 1) {
        if (tries === 0) throw new Error(`${path} did not catch up`);
        await sleep(100);
      }
    }
    await settled(page);
    expect(await page.getByText('could not be loaded').count()).toBe(0);
    await page.context().close();
  }
  expect(found).toEqual([]);
});

test('the chain, which every page asks for, and a board: on their way, failed, and there when asked again', async () => {
  const made = await fetch(`${service.url}/api/boards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${service.viewerToken}` },
    body: JSON.stringify({ name: 'Hall', range: { preset: '30d' }, widgets: [] }),
  });
  const { board } = (await made.json()) as CreatedBoard;
  const cases = [
    {
      path: '/chain/',
      asked: /\/api\/(chain|quarantine)\b/,
      failed: 'The numbers could not be loaded',
      there: 'Chain',
    },
    {
      path: `/board/?id=${board.id}`,
      asked: /\/api\/boards\//,
      failed: 'The board could not be loaded',
      there: 'Hall',
    },
  ];
  const page = await open('/settings/');
  await expectLive(page, 'connected');
  const found: string[] = [];
  for (const [index, { path, asked, failed, there }] of cases.entries()) {
    const end = await hold(page, asked);
    await lookAs(page, viewOf(index));
    await page.goto(`${service.url}${path}`);
    await page
      .locator('main')
      .getByText('Loading…')
      .or(page.locator('main [aria-busy="true"]'))
      .first()
      .waitFor({ timeout: PATIENCE_MS });
    found.push(...(await named(`${path} loading`, page)));
    end();
    await lookAs(page, viewOf(index + 1));
    await expectText(page, failed);
    found.push(...(await named(`${path} failed`, page)));
    await page.unroute(asked);
    await page.getByRole('button', { name: /^Try again/ }).click();
    await expectHeading(page, there);
    await settled(page);
  }
  expect(found).toEqual([]);
  await page.context().close();
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.flatMap(({ foreign, errors }) => [...foreign, ...errors])).toEqual([]);
});
