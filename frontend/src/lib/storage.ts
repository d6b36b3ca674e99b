/**
 * Storage that never throws: where it is forbidden (private windows, embedded pages) the page forgets its settings
 * instead of failing.
 */

/** Of this browser, or of this tab for as long as it is open. */
export type StorageName = 'localStorage' | 'sessionStorage';

export function readStored(key: string, storage: StorageName = 'localStorage'): string | null {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** Stores a value, or removes it when it is null. */
export function writeStored(key: string, value: string | null, storage: StorageName = 'localStorage'): void {
  try {
    if (value === null) window[storage].removeItem(key);
    else window[storage].setItem(key, value);
  } catch {
    // Forbidden or full: the setting holds for this visit only.
  }
}
