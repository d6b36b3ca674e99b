/** What the browser tests say about a page, in their words. A slow machine is waited for; nothing is timed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { axeViolations, overflow, type View } from './browser';

export const PATIENCE_MS = 30_000;

const ASK_MS = 100;

/** Waits until an expression holds in the page. Playwright's own way would need `eval`, which the page's policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(ASK_MS)) {
    if (await page.evaluate<boolean>(expression)) return;
    if (Date.now() > deadline) throw new Error(`${page.url()}: it never held that ${expression}`);
  }
}

export const expectText = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });
export const expectHeading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor({ timeout: PATIENCE_MS });
export const expectLive = (page: Page, kind: string) =>
  page.locator(`[data-live="${kind}"]`).waitFor({ timeout: PATIENCE_MS });
export const expectChip = (page: Page, label: string, value: string | RegExp) =>
  page.locator(`[data-chip="${label}"]`).getByText(value).first().waitFor({ timeout: PATIENCE_MS });

/** Waits until a number of the page is `value`, as a reader sees it. */
export async function expectNumber(page: Page, metric: string, value: number): Promise<void> {
  const number = page.locator(`[data-metric="${metric}"]`).getByText(new RegExp(`^${value}$`));
  await number.first().waitFor({ timeout: PATIENCE_MS });
}

/** Waits until every card has an answer and every picture is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor({ timeout: PATIENCE_MS });
  await until(
    page,
    `document.querySelectorAll('[aria-busy="true"], .animate-sheen').length === 0 &&
     [...document.querySelectorAll('[data-plot]')].every((plot) => plot.querySelector('svg')) && !document.body.innerText.includes('Loading…')`,
  );
}

/** Shows the page in another theme and window, without loading it anew; it has taken both when this resolves. */
export async function lookAs(page: Page, { theme, width }: Required<Pick<View, 'theme' | 'width'>>): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize({ width, height: 900 });
  await until(page, `document.documentElement.dataset.theme === '${theme}'`);
  await page.evaluate(() => new Promise((taken) => requestAnimationFrame(() => requestAnimationFrame(taken))));
}

/** What is wrong with a page for those who do not see it, and for those whose window is narrow. */
export async function faults(page: Page): Promise<string[]> {
  const wider = await overflow(page);
  return [...(await axeViolations(page)), ...(wider > 0 ? [`the page is ${wider} px wider than its window`] : [])];
}

/** Opens the menu of a card and does one thing in it. */
export async function act(page: Page, card: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Options of ${card}` }).click();
  await page.getByRole('button', { name: action, exact: true }).click();
}
