/**
 * A real Chromium from npm alone, and pages that remember what they should not have done: requests to other machines,
 * errors in the console. Nothing here knows what the dashboard shows.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

export type Theme = 'light' | 'dark';

export interface Watched {
  readonly page: Page;
  /** Addresses asked for that are not this machine's. */
  readonly foreign: readonly string[];
  /** Errors that page code threw or Chromium reported, but for requests that failed: those the page itself must bear. */
  readonly errors: readonly string[];
}

/**
 * Where the unpacked browser is: where the next run finds it too, and so on the disk. The package is an ES module, which
 * jest cannot load: a process of its own asks it.
 */
function executablePath(): string {
  const ask = "import('@sparticuz/chromium').then(async ({ default: it }) => console.log(await it.executablePath()))";
  const { TMPDIR_ON_DISK: onDisk, ...env } = process.env;
  return execFileSync(process.execPath, ['-e', ask], {
    encoding: 'utf8',
    cwd: resolve(__dirname, '../../..'),
    env: { ...env, ...(onDisk !== undefined && { TMPDIR: onDisk }) },
  }).trim();
}

/** No sandbox, since containers often allow none; all other guards of a browser stay on. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath(), args: ['--no-sandbox'], headless: true });

export interface View {
  readonly theme?: Theme;
  /** Width in CSS px. */
  readonly width?: number;
  /** Whether what moves may move; else the viewer asks for less of it. */
  readonly motion?: boolean;
  /** Fingers instead of a mouse. */
  readonly touch?: boolean;
}

/** Opens an address in a fresh session (no cookies, no storage). */
export async function openPage(
  browser: Browser,
  url: string,
  { theme = 'light', width = 1440, motion = false, touch = false }: View = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: motion ? 'no-preference' : 'reduce',
    hasTouch: touch,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1' && hostname !== 'localhost')
      foreign.push(request.url());
  });
  page.on('websocket', (socket) => {
    const { hostname } = new URL(socket.url());
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') foreign.push(socket.url());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to/.test(text)) errors.push(text);
  });
  await page.goto(url);
  return { page, foreign, errors };
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, as lines one can act on. */
export async function axeViolations(page: Page): Promise<string[]> {
  if (await page.evaluate<boolean>('window.axe === undefined')) await page.evaluate(AXE);
  // A string, not a function: it runs in the page, where the compiler of the tests has no say.
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

/** By how many px the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
