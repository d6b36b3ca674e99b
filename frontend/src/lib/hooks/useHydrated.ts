import { useSyncExternalStore } from 'react';

const never = (): (() => void) => () => undefined;

/** False in the exported page, true in the browser: what depends on clock, address or storage waits for it. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
