/** The address is the state of the page: a link, a reload and the back button all keep what is shown. */
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { isoDay } from '../dates';
import { changeSearch, hrefOf, parseView, searchToShare, type Changes, type View } from '../view';
import { useToday } from './useNow';

export interface Address {
  readonly path: string;
  readonly search: string;
  readonly query: URLSearchParams;
  /** Changes the query in place; the back button undoes it. */
  readonly change: (changes: Changes) => void;
  /** Changes it where it stands: no step to go back. */
  readonly replace: (changes: Changes) => void;
  /** A link to another page that keeps days and filters. */
  readonly href: (path: string, own?: Readonly<Record<string, string>>) => string;
}

/** Of the address as it is now: React hears of a change a moment later, and another may come before. */
function addressAfter(changes: Changes): string {
  const { pathname, search } = window.location;
  return `${pathname}${changeSearch(search, changes)}`;
}

/** Only below `useHydrated`: the exported page knows no query. */
export function useAddress(): Address {
  const path = usePathname();
  const query = useSearchParams();
  const search = query.toString();
  // Next follows the history by itself, without asking the server for a page that is here already.
  const change = useCallback((changes: Changes) => window.history.pushState(null, '', addressAfter(changes)), []);
  const replace = useCallback((changes: Changes) => window.history.replaceState(null, '', addressAfter(changes)), []);
  const href = useCallback((to: string, own?: Readonly<Record<string, string>>) => hrefOf(to, search, own), [search]);
  return { path, search, query, change, replace, href };
}

/** A link that shows another viewer the very same, as the address is now. @param card the card that it leads to */
export function linkToShare(card = ''): string {
  const url = new URL(window.location.href);
  url.search = searchToShare(url.search, isoDay(Date.now()));
  url.hash = card;
  return url.href;
}

export function useView(): View {
  const search = useSearchParams().toString();
  const today = useToday();
  return useMemo(() => parseView(search, today), [search, today]);
}
