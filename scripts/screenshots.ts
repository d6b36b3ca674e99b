import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser, type Page } from 'playwright-core';
import { payloadV1 } from './chain/payloadV1.js';
import { deliver } from './deliver.js';
import { mineHistory } from './demo/history.js';
import { Random } from './demo/random.js';
import { startService } from './demo/service.js';
import { Story } from './demo/story.js';
import { readMadeToken } from './tokens.js';

/**
 * `npm run screenshots`: every page of the built dashboard over the demo's three months of history, light and dark,
 * narrow and wide, into `screenshots/`. With --url it looks at a service that runs already; --only takes the pages
 * whose name begins so.
 */
const FOLDER = 'screenshots';
const MAIN = resolve('backend/dist/main.js');
const HISTORY_DAYS = 91;
const PATIENCE_MS = 60_000;

interface Shot {
  readonly name: string;
  readonly path: string;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'overview', path: '/' },
  { name: 'overview-filtered', path: '/?category=Education&range=90d' },
  { name: 'badges', path: '/badges/' },
  { name: 'badge', path: '/badge/?id=3' },
  { name: 'communities', path: '/communities/' },
  { name: 'community', path: '/community/?id=1' },
  { name: 'users', path: '/users/' },
  { name: 'user', path: '/users/', act: (page) => page.locator('#all tbody a').first().click() },
  { name: 'activity', path: '/activity/' },
  { name: 'compare', path: '/compare/' },
  { name: 'compare-communities', path: '/compare/?mode=communities' },
  { name: 'snapshots', path: '/snapshots/' },
  { name: 'chain', path: '/chain/' },
  { name: 'boards', path: '/boards/' },
  { name: 'alerts', path: '/alerts/' },
  { name: 'settings', path: '/settings/' },
  { name: 'keys', path: '/', act: (page) => page.keyboard.press('?') },
];
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [390, 1440] as const;

const SETTLED = `document.querySelector('main h1') !== null && !document.body.innerText.includes('Loading…') &&
  document.querySelectorAll('.animate-sheen').length === 0 && document.querySelectorAll('[aria-busy="true"]').length === 0 &&
  [...document.querySelectorAll('[data-plot]')].every((plot) => plot.querySelector('svg'))`;

/** Playwright's own way to wait would need `eval`, which the page's policy forbids. */
async function settled(page: Page): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await page.evaluate<boolean>(SETTLED)); await sleep(100))
    if (Date.now() > deadline) throw new Error(`${page.url()} was not ready after ${PATIENCE_MS} ms`);
}

async function shoot(browser: Browser, url: string, shots: readonly Shot[]): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const theme of THEMES)
    for (const width of WIDTHS) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
      });
      const page = await context.newPage();
      for (const { name, path, act } of shots) {
        await page.goto(`${url}${path}`);
        await settled(page);
        if (act) {
          await act(page);
          await page.waitForTimeout(1_000);
          await settled(page);
        }
        const file = join(FOLDER, `${name}-${theme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: true });
        process.stdout.write(`${file}\n`);
      }
      await context.close();
    }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A service of its own with the demo's history; the work is done while it runs. */
async function withHistory(work: (url: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'passportx-screenshots-'));
  const service = await startService(MAIN, await freePort(), dataDir);
  try {
    const token = readMadeToken(dataDir);
    if (token === undefined) throw new Error(`The service made no token under ${dataDir}`);
    const target = { url: service.url, token, patienceMs: PATIENCE_MS };
    const random = new Random(1);
    await mineHistory(new Story(random), random, Math.floor(Date.now() / 1_000), HISTORY_DAYS, async (apply) => {
      const delivered = await deliver(JSON.stringify(payloadV1({ apply }, 'raw')), target);
      if (delivered.kind === 'refused') throw new Error(delivered.reason);
    });
    await work(service.url);
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
const shots = SHOTS.filter(({ name }) => name.startsWith(values.only ?? ''));
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ['--no-sandbox'],
  headless: true,
});
try {
  const take = (url: string): Promise<void> => shoot(browser, url.replace(/\/$/, ''), shots);
  await (values.url === undefined ? withHistory(take) : take(values.url));
} finally {
  await browser.close();
}
