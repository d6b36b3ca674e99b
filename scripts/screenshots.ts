import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';
import { Camera, VIEWS } from './screenshots/camera.js';
import { startEmpty, startScene } from './screenshots/scene.js';
import { EMPTY, offlineShots, RUNNING, shotsOf, type Shot } from './screenshots/shots.js';

/**
 * `npm run screenshots`: every page of the built dashboard over the demo's three months of history, in each of its
 * states, light and dark, narrow and wide, into `screenshots/`. With --url it looks at a service that runs already;
 * --only takes the pictures whose names begin so, by comma.
 */
const FOLDER = 'screenshots';

async function withFolder(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'passportx-screenshots-'));
  try {
    await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function shoot(browser: Browser, url: string, shots: readonly Shot[], adminToken?: string): Promise<void> {
  for (const view of VIEWS)
    await Camera.with(browser, { folder: FOLDER, url, view, adminToken }, async (camera) => {
      for (const shot of shots) await camera.take(shot);
    });
}

/** All pages are opened first, in every view: the service is ended once. */
async function shootOffline(
  browser: Browser,
  url: string,
  shots: readonly Shot[],
  end: () => Promise<void>,
): Promise<void> {
  const cameras = await Promise.all(VIEWS.map((view) => Camera.open(browser, { folder: FOLDER, url, view })));
  const opened = [];
  for (const camera of cameras)
    for (const shot of shots.filter((one) => camera.suits(one))) opened.push(await camera.arrive(shot));
  await end();
  for (const one of opened) await one.takeOffline();
  for (const camera of cameras) await camera.close();
}

async function shootAll(browser: Browser, wanted: (shot: Shot) => boolean): Promise<void> {
  await withFolder(async (dataDir) => {
    const service = await startEmpty(dataDir);
    await shoot(browser, service.url, EMPTY.filter(wanted)).finally(() => service.stop());
  });
  await withFolder(async (dataDir) => {
    const scene = await startScene(dataDir);
    const { service, adminToken } = scene;
    try {
      await shoot(browser, service.url, shotsOf(scene).filter(wanted), adminToken);
      await shootOffline(browser, service.url, offlineShots(scene).filter(wanted), () => service.stop());
    } finally {
      await service.stop();
    }
  });
}

const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
const names = (values.only ?? '').split(',');
const wanted = ({ name }: Shot): boolean => names.some((begin) => name.startsWith(begin));
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ['--no-sandbox'],
  headless: true,
});
try {
  if (values.url === undefined) await shootAll(browser, wanted);
  else await shoot(browser, values.url.replace(/\/$/, ''), RUNNING.filter(wanted));
} finally {
  await browser.close();
}
