/** The chosen range lives in the address, so that a link, a reload and the back button all keep it. */
import { useMemo, useSyncExternalStore } from 'react';
import { formatSelection, parseSelection, type Selection } from '../range';

const CHANGED = 'passportx:address';

function watchAddress(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

function select(selection: Selection): void {
  window.history.pushState(null, '', `${window.location.pathname}${formatSelection(selection)}`);
  window.dispatchEvent(new Event(CHANGED));
}

export function useSelection(): readonly [Selection, (selection: Selection) => void] {
  const search = useSyncExternalStore(
    watchAddress,
    () => window.location.search,
    () => '',
  );
  return [useMemo(() => parseSelection(search), [search]), select];
}
