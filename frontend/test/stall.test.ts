import type { Browser, Page } from 'playwright-core';
import type { CreatedBoard } from '../../backend/src/contract';
import { StandInNode } from '../../backend/test/support/chainhookNode';
import { DEPLOYER } from '../../backend/test/support/payloads';
import { freePort, TestService, TOKENS } from '../../backend/test/support/service';
import { axeViolations, launchBrowser, openPage } from './support/browser';
import { expectLive, expectText, PATIENCE_MS } from './support/page';

jest.setTimeout(120_000);

/** A service registered with a node that goes on without delivering: what a viewer sees of it. */
const ISSUER = `${DEPLOYER}.badge-issuer`;

let browser: Browser;
let node: StandInNode;
let service: TestService;
beforeAll(async () => {
  node = await StandInNode.start(20);
  [browser, service] = await Promise.all([
    launchBrowser(),
    TestService.start({
      env: {
        STACKS_DEPLOYER: DEPLOYER,
        CHAINHOOK_NODE_URL: node.url,
        CHAINHOOK_OBSERVER_PORT: String(await freePort()),
        CHAINHOOK_STALL_MS: '1000',
        ANALYTICS_PUBLIC_DASHBOARD: 'true',
      },
    }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await node.close();
});

const banner = (page: Page) => page.getByText('Nothing from the node since');

test('a chain that stalls shows as stale on the page and on a board, in words too, and as live with the next delivery', async () => {
  const { page, errors } = await openPage(browser, service.url);
  while (node.predicates.length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
  await node.mine(ISSUER);
  await expectLive(page, 'connected');

  const release = node.hold(ISSUER);
  const held = node.mine(ISSUER);
  await expectLive(page, 'stale');
  await expectText(page, /^Nothing from the node since .*\d/);
  await page.locator('[data-live]').click();
  await expectText(
    page,
    'Connected, but the chain node has delivered nothing for long: it stands still, or nobody uses the contracts.',
  );
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  const made = await fetch(`${service.url}/api/boards`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS.viewer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Hall', range: { preset: '30d' }, widgets: [] }),
  });
  const { board } = (await made.json()) as CreatedBoard;
  const hall = await openPage(browser, `${service.url}/board/?id=${board.id}`);
  await expectLive(hall.page, 'stale');
  await expectText(hall.page, 'The chain node delivers nothing');
  expect(await axeViolations(hall.page)).toEqual([]);

  // Put away on one page, it stays on another; the word beside the clock stays on both.
  await hall.page.goto(`${service.url}/chain/`);
  await banner(hall.page).waitFor({ timeout: PATIENCE_MS });
  await hall.page.getByRole('button', { name: 'Hide until the node delivers again' }).click();
  await banner(hall.page).waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await expectLive(hall.page, 'stale');
  expect(await banner(page).count()).toBe(1);

  release();
  await held;
  await expectLive(hall.page, 'connected');
  await expectLive(page, 'connected');
  await banner(page).waitFor({ state: 'detached', timeout: PATIENCE_MS });
  expect(errors).toEqual([]);
});
