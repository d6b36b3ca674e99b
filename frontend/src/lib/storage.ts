/**
 * Local storage that never throws: where it is forbidden (private windows, embedded pages) the page forgets its
 * settings instead of failing.
 */

export function readStored(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores a value, or removes it when it is null. */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, value);
  } catch {
    // Forbidden or full: the setting holds for this visit only.
  }
}
