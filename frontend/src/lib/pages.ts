/** The pages, in the order in which one asks. A page that exists is listed here; nothing else is. */

export interface PageEntry {
  readonly path: string;
  readonly name: string;
  /** Pressed after `g`, leads there. */
  readonly key: string;
  /** Pages of single things that belong to it. */
  readonly below?: readonly string[];
}

export const PAGES: readonly PageEntry[] = [
  { path: '/', name: 'Overview', key: 'o' },
  { path: '/badges/', name: 'Badges', key: 'b', below: ['/badge/', '/issuer/'] },
  { path: '/communities/', name: 'Communities', key: 'c', below: ['/community/'] },
  { path: '/users/', name: 'Users', key: 'u', below: ['/user/'] },
  { path: '/activity/', name: 'Activity', key: 'a' },
  { path: '/compare/', name: 'Compare', key: 'm' },
  { path: '/boards/', name: 'Boards', key: 'd' },
  { path: '/snapshots/', name: 'Snapshots', key: 's' },
  { path: '/chain/', name: 'Chain', key: 'h' },
];
/** Reached from the header, which shows how many fire. */
export const ALERTS: PageEntry = { path: '/alerts/', name: 'Alerts', key: 'l' };
export const SETTINGS: PageEntry = { path: '/settings/', name: 'Settings', key: 'e' };

/** Whether a page, or one below it, is at this path. */
export const isAt = ({ path, below = [] }: PageEntry, at: string): boolean => path === at || below.includes(at);
