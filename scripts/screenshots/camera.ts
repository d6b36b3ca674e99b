import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Shot } from './shots.js';

/** A browser window of one width and theme, that waits until a page is all there before it takes the picture. */
export interface CameraView {
  readonly theme: 'light' | 'dark';
  /** In CSS px. */
  readonly width: number;
}

const NARROW = 360;
const WIDE = 1440;
const LARGE = 2560;
const HEIGHTS: Readonly<Record<number, number>> = { [NARROW]: 780, [WIDE]: 900, [LARGE]: 1440 };
export const VIEWS: readonly CameraView[] = [NARROW, WIDE, LARGE].flatMap((width) => [
  { theme: 'light', width },
  { theme: 'dark', width },
]);
const PATIENCE_MS = 60_000;

const SETTLED = `document.querySelector('main h1') !== null && !document.body.innerText.includes('Loading…') &&
  document.querySelectorAll('.animate-sheen').length === 0 && document.querySelectorAll('[aria-busy="true"]').length === 0 &&
  [...document.querySelectorAll('[data-plot]')].every((plot) => plot.querySelector('svg'))`;
const OFFLINE = `document.querySelector('[data-live="offline"]') !== null`;

/** Playwright's own way to wait would need `eval`, which the page's policy forbids. */
async function until(page: Page, expression: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await page.evaluate<boolean>(expression)); await sleep(100))
    if (Date.now() > deadline) throw new Error(`${page.url()} was not ready after ${PATIENCE_MS} ms`);
}

interface CameraOptions {
  readonly folder: string;
  readonly url: string;
  readonly view: CameraView;
  readonly adminToken?: string | undefined;
}

/** What is before the camera when the service goes. */
export interface Arrived {
  takeOffline(): Promise<void>;
}

export class Camera {
  private constructor(
    private readonly context: BrowserContext,
    private readonly options: CameraOptions,
  ) {}

  static async open(browser: Browser, options: CameraOptions): Promise<Camera> {
    const { theme, width } = options.view;
    const context = await browser.newContext({
      viewport: { width, height: HEIGHTS[width] ?? WIDE },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    return new Camera(context, options);
  }

  static async with(browser: Browser, options: CameraOptions, work: (camera: Camera) => Promise<void>): Promise<void> {
    const camera = await Camera.open(browser, options);
    await work(camera).finally(() => camera.close());
  }

  close(): Promise<void> {
    return this.context.close();
  }

  /** Goes there and takes the picture, where the shot is meant for this width. */
  async take(shot: Shot): Promise<void> {
    const { adminToken } = this.options;
    if (!this.suits(shot)) return;
    if (shot.admin) await this.signIn(adminToken);
    const page = await this.context.newPage();
    if (shot.contrast) await page.emulateMedia({ contrast: 'more' });
    if (shot.troubled) await trouble(page, shot.troubled);
    await this.go(page, shot, shot.troubled === undefined);
    if (shot.act) {
      await shot.act(page);
      await page.waitForTimeout(1_000);
      await until(page, SETTLED);
    }
    await this.snap(page, shot);
    await page.close();
    if (shot.admin) await this.context.clearCookies();
  }

  /** Whether a shot is meant for this width. */
  suits({ large = false }: Shot): boolean {
    return large || this.options.view.width !== LARGE;
  }

  async arrive(shot: Shot): Promise<Arrived> {
    const page = await this.context.newPage();
    await this.go(page, shot, true);
    return {
      takeOffline: async () => {
        await until(page, OFFLINE);
        await this.snap(page, shot);
      },
    };
  }

  private async go(page: Page, { path }: Shot, calm: boolean): Promise<void> {
    await page.goto(`${this.options.url}${path}`);
    if (calm) await until(page, SETTLED);
    // What comes never or not in this life is not waited for, but everything else.
    else await page.waitForTimeout(2_500);
  }

  private async signIn(token: string | undefined): Promise<void> {
    const { url } = this.options;
    if (token === undefined) throw new Error(`${url} is nobody's here: there is no admin token`);
    await this.context.request.post(`${url}/api/session`, { data: { token }, headers: { origin: url } });
  }

  private async snap(page: Page, { name, window = false }: Shot): Promise<void> {
    const { folder, view } = this.options;
    const path = join(folder, `${name}-${view.theme}-${view.width}.png`);
    await page.screenshot({ path, fullPage: !window });
    process.stdout.write(`${path}\n`);
  }
}

async function trouble(page: Page, { calls, by }: NonNullable<Shot['troubled']>): Promise<void> {
  const statuses = { failure: 503, refusal: 401 } as const;
  await page.route(calls, async (route) => {
    if (by === 'silence') return;
    const status = statuses[by];
    const detail = by === 'failure' ? 'The analytics are not ready yet.' : 'A token is needed.';
    await route.fulfill({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'Trouble', status, detail }),
    });
  });
}
