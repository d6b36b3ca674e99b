import { useSyncExternalStore } from 'react';
import { DEFAULTS, getSettings, setSetting, watchSettings, type Settings } from '../settings';

export function useSettings(): readonly [Settings, typeof setSetting] {
  return [useSyncExternalStore(watchSettings, getSettings, () => DEFAULTS), setSetting];
}
