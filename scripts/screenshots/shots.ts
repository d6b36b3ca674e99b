import type { Page } from 'playwright-core';
import type { Scene } from './scene.js';

/** What is looked at: every page over the demo's history, what opens on them, and how they look when little goes well. */
export interface Shot {
  readonly name: string;
  readonly path: string;
  /** Signed in as an admin; else nobody, which may view. */
  readonly admin?: boolean;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
  /** Answers that never come or fail while the picture is taken. */
  readonly troubled?: { readonly calls: string; readonly by: 'silence' | 'failure' | 'refusal' };
  /** As one sees it who asks for more contrast. */
  readonly contrast?: boolean;
  /** Taken on a screen of a wall too. */
  readonly large?: boolean;
  /** Only the window, not all of the page: what opens over it stands still in it. */
  readonly window?: boolean;
}

const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();

async function newAlert(page: Page): Promise<void> {
  await press('New alert')(page);
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Far fewer badges than usual');
  await form.getByLabel('Condition').selectOption({ label: 'falls by more than' });
  await form.getByLabel('% against the period before').fill('40');
  await form.getByLabel('Period', { exact: true }).selectOption({ label: 'Full days, to yesterday' });
  await form.getByText('Patience and calm').click();
  await form.getByText('Quiet hours', { exact: true }).click();
  await form.getByRole('button', { name: 'Add quiet hours' }).click();
  await form.getByLabel(/^Webhook/).fill('https://hooks.example/passportx');
}

const PAGES: readonly Shot[] = (
  [
    { name: 'overview', path: '/' },
    { name: 'overview-filtered', path: '/?category=Education&range=90d' },
    { name: 'badges', path: '/badges/' },
    { name: 'badge', path: '/badge/?id=3' },
    { name: 'communities', path: '/communities/' },
    { name: 'community', path: '/community/?id=1' },
    { name: 'issuer', path: '/badge/?id=3', act: (page) => page.locator('#issuers').getByRole('link').first().click() },
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
  ] satisfies readonly Shot[]
).map((shot) => ({ ...shot, large: true }));

const OPENED: readonly Shot[] = [
  { name: 'keys', path: '/', act: (page) => page.keyboard.press('?'), window: true },
  { name: 'days', path: '/', act: (page) => page.keyboard.press('d'), window: true },
  { name: 'chain-admin', path: '/chain/', admin: true },
  { name: 'alerts-admin', path: '/alerts/', admin: true },
  { name: 'alert-form', path: '/alerts/', admin: true, act: newAlert, window: true },
];

const boardShots = ({ board: { id, key } }: Scene): readonly Shot[] => {
  const path = `/board/?id=${id}`;
  const edit = `${path}&mode=edit#edit=${key}`;
  return [
    { name: 'board', path, large: true },
    { name: 'board-wall', path: `${path}&mode=wall`, large: true, window: true },
    { name: 'board-edit', path: edit },
    { name: 'board-picker', path: edit, act: press('Add widget'), window: true },
    { name: 'board-settings', path: edit, act: press('Settings of Badges issued by category'), window: true },
    { name: 'board-share', path: `${path}#edit=${key}`, act: press('Share'), window: true },
  ];
};

const TROUBLED: readonly Shot[] = [
  { name: 'loading-overview', path: '/', troubled: { calls: '**/api/analytics/**', by: 'silence' } },
  { name: 'loading-badges', path: '/badges/', troubled: { calls: '**/api/{analytics,badges}**', by: 'silence' } },
  { name: 'error-overview', path: '/', troubled: { calls: '**/api/analytics/**', by: 'failure' } },
  { name: 'error-badges', path: '/badges/', troubled: { calls: '**/api/analytics/query*', by: 'failure' } },
  { name: 'error-everything', path: '/', troubled: { calls: '**/api/**', by: 'failure' } },
  { name: 'sign-in', path: '/', troubled: { calls: '**/api/**', by: 'refusal' } },
  { name: 'unknown-badge', path: '/badge/?id=99999' },
];

const contrasting = ['overview', 'badges', 'users', 'activity', 'alerts'];

/** With the service that tells its story. */
export const shotsOf = (scene: Scene): readonly Shot[] => [
  ...PAGES,
  ...boardShots(scene),
  ...OPENED,
  ...PAGES.filter(({ name }) => contrasting.includes(name)).map((shot) => ({
    ...shot,
    name: `contrast-${shot.name}`,
    contrast: true,
    large: false,
  })),
  ...TROUBLED,
];

/** With a service that has counted nothing. */
export const EMPTY: readonly Shot[] = PAGES.filter(
  ({ name, path }) => !path.includes('?') && name !== 'user' && name !== 'issuer' && name !== 'settings',
).map((shot) => ({ ...shot, name: `empty-${shot.name}`, large: false }));

/** Opened while the service runs, taken when it has ended. */
export const offlineShots = (scene: Scene): readonly Shot[] => [
  { name: 'offline-overview', path: '/' },
  { name: 'offline-board', path: `/board/?id=${scene.board.id}` },
  { name: 'offline-wall', path: `/board/?id=${scene.board.id}&mode=wall`, window: true },
];

/** With whatever service runs already. */
export const RUNNING: readonly Shot[] = [...PAGES, ...OPENED.filter(({ admin }) => !admin)];
