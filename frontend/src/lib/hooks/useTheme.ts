import { useSyncExternalStore } from 'react';
import { setSetting, watchSettings } from '../settings';

export type Theme = 'light' | 'dark';
const current = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

/** The theme in effect, whoever chose it, and the way to the other one. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(watchSettings, current, () => 'light' as const);
  return [theme, () => setSetting('theme', theme === 'dark' ? 'light' : 'dark')];
}

const look = (): string => {
  const { theme, contrast } = document.documentElement.dataset;
  return `${theme} ${contrast}`;
};
/** Changes whenever colours do: what draws with colours read from the style draws again then. */
export const useLook = (): string => useSyncExternalStore(watchSettings, look, () => '');
