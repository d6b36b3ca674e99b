import type { Browser, Page, Route } from 'playwright-core';
import { launchBrowser, openPage, type View, type Watched } from './support/browser';
import { expectHeading, expectLive, expectText, faults, PATIENCE_MS, settled, until } from './support/page';
import { startService, type Service } from './support/service';
import { Story } from './support/story';

/** The journey of a board: made, arranged by keyboard, shared, shown on a wall to someone without a token, revoked. */
jest.setTimeout(240_000);

const VIEWS: readonly View[] = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 390 },
  { theme: 'light', width: 2560 },
];
const ISSUED = 9;

let browser: Browser;
let service: Service;
const story = new Story(Math.floor(Date.now() / 1000));
const opened: Watched[] = [];

beforeAll(async () => {
  [browser, service] = await Promise.all([launchBrowser(), startService({ open: false })]);
  await service.deliver({ apply: [story.founding(), story.mints(ISSUED)] });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(address: string, view: View = {}): Promise<Page> {
  const watched = await openPage(browser, address, view);
  opened.push(watched);
  return watched.page;
}

async function openAsViewer(path: string): Promise<Page> {
  const page = await open(service.url + path);
  await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return page;
}

/** Where a widget stands, as the page lays it out. */
const placeOf = (page: Page, widget: string): Promise<string> =>
  page
    .locator(`[data-widget="${widget}"]`)
    .evaluate((element: { style: { gridArea: string } }) => element.style.gridArea);

const said = (page: Page, words: string | RegExp) =>
  page.getByRole('status').getByText(words).first().waitFor({ state: 'attached', timeout: PATIENCE_MS });

async function wallShows(page: Page, issued: number): Promise<void> {
  await page
    .locator('[data-wall] [data-metric="badgesIssued"]')
    .first()
    .getByText(new RegExp(`^${issued}$`))
    .waitFor({ timeout: PATIENCE_MS });
}

test('a board is made, arranged by keyboard, shared, shown on a wall, and closed to whoever had the link', async () => {
  const page = await openAsViewer('/boards/');
  await expectText(page, 'There is no board yet.');
  expect(await faults(page)).toEqual([]);

  await page.getByRole('button', { name: 'New board' }).click();
  await page.getByLabel('Name').fill('Lobby');
  await settled(page);
  expect(await placeOf(page, 'issued')).toBe('1 / 1 / span 2 / span 3');
  await page.getByRole('button', { name: 'Move Badges issued', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await said(page, 'Badges issued: column 2, row 1, 3 wide, 2 high');
  // What it was moved onto makes way.
  expect(await placeOf(page, 'active')).toBe('3 / 4 / span 2 / span 3');
  await page.keyboard.press('Shift+ArrowDown');
  await said(page, 'Badges issued: column 2, row 1, 3 wide, 3 high');

  await page.getByRole('button', { name: 'Settings of Badges issued', exact: true }).click();
  await page.getByLabel('Title').fill('Issued to people');
  await page.getByText('Filters: none').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Education' }).click();
  await page.getByRole('button', { name: 'Remove Category: Education' }).waitFor({ timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Add widget' }).click();
  await settled(page);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: /^Badges issued by issuer/ }).click();
  await said(page, /^Badges issued by issuer: column/);
  await settled(page);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await expectText(page, 'Board saved');
  await page.getByRole('button', { name: 'Done' }).click();
  await expectHeading(page, 'Lobby');

  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('For whom').fill('The screen in the lobby');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.locator('[data-link]').inputValue({ timeout: PATIENCE_MS });
  expect(await faults(page)).toEqual([]);

  // The screen is up before the service is: the link waits for it.
  const wall = await open('about:blank');
  const killFirst = async (route: Route) => {
    await service.kill();
    await route.continue();
  };
  await wall.route('**/api/session', killFirst, { times: 1 });
  await wall.goto(link);
  await expectText(wall, /^The service cannot be reached. The page tries again/);
  expect(wall.url()).toBe(link);
  expect(await faults(wall)).toEqual([]);
  await service.restart();
  await expectHeading(wall, 'Lobby');
  await expectLive(wall, 'connected');
  await expectText(wall, 'Issued to people');
  expect(wall.url()).not.toContain('#');
  expect(wall.url()).not.toContain(link.split('.').at(-1));
  await settled(wall);
  expect(await wall.getByText('could not be loaded').count()).toBe(0);
  await wall.getByRole('button', { name: 'Full screen' }).click();
  // One in three is of that category.
  await wallShows(wall, ISSUED / 3);
  expect(await faults(wall)).toEqual([]);

  await service.deliver({ apply: [story.mints(3)] });
  await wallShows(wall, ISSUED / 3 + 1);
  await wall.reload();
  await wallShows(wall, ISSUED / 3 + 1);

  await page.getByRole('button', { name: 'Revoke The screen in the lobby' }).click();
  await page.getByRole('button', { name: 'Really revoke it?' }).click();
  await expectText(wall, 'This link no longer opens');
  expect(await faults(wall)).toEqual([]);
  const late = await open(link);
  await expectText(late, 'This link no longer opens');
  for (const one of [page, wall, late]) await one.context().close();
});

describe('a board that is there', () => {
  const made: { id: string; key: string }[] = [];
  beforeAll(async () => {
    const response = await fetch(`${service.url}/api/boards`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.viewerToken}` },
      body: JSON.stringify({
        name: 'Every kind',
        range: { preset: '30d' },
        widgets: [
          { id: 'n', x: 0, y: 0, w: 3, h: 2, kind: 'number', metric: 'badgesIssued', compare: 'previous' },
          { id: 't', x: 3, y: 0, w: 9, h: 1, kind: 'note', text: 'Thursday: the hackathon' },
          { id: 'k', x: 0, y: 2, w: 3, h: 3, kind: 'chain' },
          { id: 'f', x: 0, y: 5, w: 3, h: 4, kind: 'activity' },
          { id: 'r', x: 9, y: 1, w: 3, h: 4, kind: 'ranking', metric: 'badgesIssued', groupBy: 'badge', limit: 5 },
          { id: 'c', x: 3, y: 5, w: 9, h: 4, kind: 'cohorts' },
          {
            ...{ id: 's', x: 3, y: 1, w: 6, h: 4, kind: 'series', metric: 'badgesIssued', shape: 'bar' },
            ...{ interval: 'auto', groupBy: 'category', compare: 'none' },
          },
        ],
      }),
    });
    const { board, editKey } = (await response.json()) as { board: { id: string }; editKey: string };
    made.push({ id: board.id, key: editKey });
  });

  test.each(VIEWS)('shows every kind of widget without a fault that axe can find ($theme, $width px)', async (view) => {
    const [board] = made;
    const page = await open(`${service.url}/board/?id=${board?.id}#edit=${board?.key}`, view);
    await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectHeading(page, 'Every kind');
    await expectText(page, 'Thursday: the hackathon');
    // Before it signed in it was refused, which is no end.
    await expectLive(page, 'connected');
    await settled(page);
    expect(await page.getByText('could not be loaded').count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await expectHeading(page, 'Edit Every kind');
    await settled(page);
    expect(await faults(page)).toEqual([]);
    await page.context().close();
  });

  test('on a wall every list shows the rows that fit, whole, and the newest cohorts', async () => {
    const [board] = made;
    // Each of four people is first seen in a month of their own.
    await service.deliver({ apply: [130, 100, 70, 40].map((days) => story.earlier(days, 1, 1)) });
    await service.deliver({ apply: [story.mints(40)] });
    const page = await open(`${service.url}/board/?id=${board?.id}&mode=wall`);
    await page.setViewportSize({ width: 1440, height: 640 });
    await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectHeading(page, 'Every kind');
    await settled(page);
    const rows = `[...document.querySelectorAll('[data-wall] [data-rows]')].map((list) => {
      const box = list.getBoundingClientRect();
      const rows = [...list.children[0].children].map((row) => row.getBoundingClientRect());
      const seen = rows.filter(({ left }) => left < box.right);
      return { rows: rows.length, seen: seen.length, cut: seen.filter(({ bottom }) => bottom > box.bottom + 1).length };
    })`;
    const lists = await page.evaluate<{ rows: number; seen: number; cut: number }[]>(rows);
    expect(lists.length).toBe(3);
    expect(lists.filter(({ seen, cut }) => seen === 0 || cut > 0)).toEqual([]);
    expect(lists.some(({ rows, seen }) => rows > seen)).toBe(true);
    const cohorts = page.locator('[data-widget="c"]');
    const [months, bottom] = await cohorts.evaluate((widget) => {
      const cells: Element[] = [...widget.querySelectorAll('tbody th')];
      return [cells.map(({ textContent }) => textContent), cells.at(-1)?.getBoundingClientRect().bottom] as const;
    });
    const box = await cohorts.boundingBox();
    const month = new Date().toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
    expect(months.length).toBeGreaterThan(1);
    expect(months.at(-1)).toBe(month);
    expect(bottom).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
    await page.context().close();
  });

  test('in a narrow window fingers move, resize and remove a widget by buttons', async () => {
    const [board] = made;
    const page = await open(`${service.url}/board/?id=${board?.id}&mode=edit#edit=${board?.key}`, {
      width: 360,
      touch: true,
    });
    await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
    await page.getByRole('button', { name: 'Sign in' }).tap();
    await page.getByLabel('Name').waitFor({ timeout: PATIENCE_MS });
    await settled(page);
    const order = () =>
      page
        .locator('[data-widget]')
        .evaluateAll((widgets: { getAttribute: (name: string) => string | null }[]) =>
          widgets.map((widget) => widget.getAttribute('data-widget')).join(''),
        );
    const press = async (name: string) => {
      const button = page.getByRole('button', { name, exact: true });
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
      await button.tap();
    };
    expect((await order()).slice(0, 2)).toBe('nt');
    await press('Move Note up');
    await said(page, 'Note: column 1, row 1, 9 wide, 1 high');
    expect((await order()).slice(0, 1)).toBe('t');
    await press('Move Note down');
    expect((await order()).indexOf('t')).toBeGreaterThan(0);
    await press('Make Note narrower');
    await said(page, /^Note: .* 8 wide, 1 high$/);
    await press('Make Note higher');
    await said(page, /^Note: .* 8 wide, 2 high$/);
    await press('Remove Note');
    await said(page, 'Note removed');
    expect(await order()).not.toContain('t');
    expect(await faults(page)).toEqual([]);
    await page.context().close();
  });

  test('a widget is moved by pointer, and no way out loses it; who saves second is told that the board has changed', async () => {
    const [board] = made;
    const page = await open(`${service.url}/board/?id=${board?.id}#edit=${board?.key}`);
    await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').waitFor({ timeout: PATIENCE_MS });
    await settled(page);
    const handle = page.getByRole('button', { name: 'Move Note', exact: true });
    const box = await handle.boundingBox();
    if (box === null) throw new Error('the handle is not on the page');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    // Below what is four rows high, each of 88 px and a gap of 16: above that it would rise again.
    await page.mouse.move(box.x + 5, box.y + 5 + 4 * (88 + 16), { steps: 5 });
    await page.mouse.up();
    await until(page, `document.querySelector('[data-widget="t"]').style.gridRow.startsWith('5')`);
    const corner = await page.getByRole('button', { name: 'Resize Note', exact: true }).boundingBox();
    if (corner === null) throw new Error('the corner is not on the page');
    await page.mouse.move(corner.x + 5, corner.y + 5);
    await page.mouse.down();
    await page.mouse.move(corner.x + 5, corner.y + 5 + 88 + 16, { steps: 5 });
    await page.mouse.up();
    await until(page, `document.querySelector('[data-widget="t"]').style.gridRow.endsWith('span 2')`);

    // The browser's way back is a way there again, and a letter leads nowhere.
    await page.goBack();
    await expectHeading(page, /^Every kind$/);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await expectText(page, 'Your unsaved changes are back');
    await until(page, `document.querySelector('[data-widget="t"]').style.gridRow === '5 / span 2'`);
    await page.keyboard.press('g');
    await page.keyboard.press('o');

    const saveTheirs = async () => {
      const { status } = await fetch(`${service.url}/api/boards/${board?.id}`, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${service.viewerToken}`,
          'board-edit-key': board?.key ?? '',
          'if-match': '*',
        },
        body: JSON.stringify({ name: 'Theirs', range: { preset: '7d' }, widgets: [] }),
      });
      expect(status).toBe(200);
    };
    await saveTheirs();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectText(page, 'Someone else has saved this board meanwhile.');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await expectText(page, 'Board saved');

    await saveTheirs();
    await page.getByLabel('Name').fill('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await expectText(page, 'No widget yet. Add the first one.');
    expect(await page.getByLabel('Name').inputValue()).toBe('Theirs');
    await page.getByRole('button', { name: 'Done' }).click();
    await expectHeading(page, 'Theirs');
    await page.context().close();
  });

  test('what was saved while its editor was left is no unsaved change, and nobody else has saved it', async () => {
    const [board] = made;
    const page = await openAsViewer(`/board/?id=${board?.id}#edit=${board?.key}`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').fill('Saved late ');
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const hold = async (route: Route) => {
      if (route.request().method() === 'PUT') await held;
      await route.continue();
    };
    const asked = page.waitForRequest((request) => request.method() === 'PUT');
    await page.route(`**/api/boards/${board?.id}`, hold);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await asked;
    await page.goBack();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor({ timeout: PATIENCE_MS });
    answer();
    await expectHeading(page, 'Saved late');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await expectHeading(page, 'Edit Saved late');
    expect(await page.getByText('Your unsaved changes are back').count()).toBe(0);
    await page.getByLabel('Name').fill('Saved again');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectHeading(page, 'Edit Saved again');
    await page.context().close();
  });

  test('who edits while the key is renewed keeps the editor, saves by the new link, or saves a copy', async () => {
    const [board] = made;
    if (board === undefined) throw new Error('no board was made');
    const renew = async (id: string): Promise<string> => {
      const response = await fetch(`${service.url}/api/boards/${id}/edit-key`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.adminToken}` },
      });
      return ((await response.json()) as { editKey: string }).editKey;
    };
    const page = await openAsViewer(`/board/?id=${board.id}&mode=edit#edit=${board.key}`);
    const refuse = async (name: string) => {
      board.key = await renew(board.id);
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expectText(page, 'The edit key that this browser had has been renewed.');
      await page.reload();
      await expectText(page, 'The edit key that this browser had has been renewed.');
      expect(await page.getByLabel('Name').inputValue()).toBe(name);
    };
    page.on('dialog', (dialog) => void dialog.accept());
    await refuse('By the new link');
    expect(await faults(page)).toEqual([]);
    await page.goto(`${service.url}/board/?id=${board.id}&mode=edit#edit=${board.key}`);
    await expectText(page, 'Your unsaved changes are back');
    expect(page.url()).not.toContain('#');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectHeading(page, 'Edit By the new link');

    await refuse('Stranded');
    await page.getByRole('button', { name: 'Save as a copy' }).click();
    await expectHeading(page, 'Edit Stranded, copy');
    await renew(new URL(page.url()).searchParams.get('id') ?? '');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Share' }).click();
    await expectText(page, 'This is not the edit key of the board');
    await page.getByRole('button', { name: 'Copy to edit' }).waitFor({ timeout: PATIENCE_MS });
    await page.context().close();
  });

  test('an admin, who has no edit key, revokes links, makes the key anew to edit, and deletes the board', async () => {
    const [board] = made;
    const shared = await fetch(`${service.url}/api/boards/${board?.id}/shares`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${service.viewerToken}`,
        'board-edit-key': board?.key ?? '',
      },
      body: JSON.stringify({ name: 'Long ago' }),
    });
    expect(shared.status).toBe(201);
    const page = await open(`${service.url}/board/?id=${board?.id}`, { width: 390 });
    await page.getByLabel('Viewer or admin token').fill(service.adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Manage' }).click();
    await page.getByRole('button', { name: 'Revoke Long ago' }).click();
    await page.getByRole('button', { name: 'Really revoke it?' }).click();
    await expectText(page, 'None.');
    expect(await page.getByRole('button', { name: 'Make a link' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Renew key' }).click();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Really renew the key?' }).click();
    await page.getByRole('button', { name: 'Make a link' }).waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').fill('Hers');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectText(page, 'Board saved');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Delete board' }).click();
    await page.getByRole('button', { name: 'Really delete the board?' }).click();
    await expectHeading(page, 'Boards');
    expect(await page.getByRole('link', { name: 'Hers' }).count()).toBe(0);
    await page.context().close();
  });
});

test('a board says that its service is gone and keeps its figures; when it is back it goes on', async () => {
  const page = await open(`${service.url}/boards/`);
  await page.getByLabel('Viewer or admin token').fill(service.viewerToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Lobby' }).click();
  await expectLive(page, 'connected');
  await expectText(page, 'Issued to people');
  await settled(page);
  await page.locator('[data-fresh]', { hasText: /ago|now/ }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByText('Move a widget by its handle').waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached', timeout: PATIENCE_MS });
  await service.kill();
  await expectLive(page, 'offline');
  await expectText(page, 'The figures stand still');
  expect(await page.locator('[data-metric="badgesIssued"] [data-value]').count()).toBeGreaterThan(0);
  expect(await page.getByText('could not be loaded').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
  const figures = page.locator('[data-widget="issued"] [data-value]');
  const before = Number(await figures.first().textContent());
  expect(before).toBeGreaterThan(0);
  await service.restart();
  await expectLive(page, 'connected');
  // One in three is of the category that it is narrowed down to.
  await service.deliver({ apply: [story.mints(3)] });
  await figures.getByText(new RegExp(`^${before + 1}$`)).waitFor({ timeout: PATIENCE_MS });
  await page.context().close();
});

test('no page asked another machine for anything, and none threw', () => {
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.flatMap(({ foreign }) => foreign)).toEqual([]);
  expect(opened.flatMap(({ errors }) => errors)).toEqual([]);
});
