/**
 * Light or dark: the system's choice until the viewer makes one, which is then kept. The attribute `data-theme` on the
 * root is the truth; the script in `../theme` sets it before the first paint.
 */
import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../storage';
import { DARK, STORED } from '../theme';

export type Theme = 'light' | 'dark';

const current = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

function watchTheme(changed: () => void): () => void {
  const attribute = new MutationObserver(changed);
  attribute.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = window.matchMedia(DARK);
  const follow = () => {
    if (readStored(STORED) === null) document.documentElement.dataset.theme = system.matches ? 'dark' : 'light';
  };
  system.addEventListener('change', follow);
  return () => {
    attribute.disconnect();
    system.removeEventListener('change', follow);
  };
}

function toggle(): void {
  const theme = current() === 'dark' ? 'light' : 'dark';
  writeStored(STORED, theme);
  document.documentElement.dataset.theme = theme;
}

export function useTheme(): readonly [Theme, () => void] {
  return [useSyncExternalStore(watchTheme, current, () => 'light'), toggle];
}
