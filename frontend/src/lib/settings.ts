/**
 * What the viewer chose about the page itself: theme, contrast, motion, language, clock, keys. Kept in this browser; the
 * attributes on the root element are what styles and charts read, and a script in the head of the page (`lib/theme`)
 * sets them before the first paint.
 */
import { setFormat } from './format';
import { readStored, writeStored } from './storage';
import { DARK, LESS_MOTION, MORE_CONTRAST, STORED } from './theme';

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'standard' | 'more';
  readonly motion: 'system' | 'full' | 'reduce';
  /** A BCP 47 tag, or `system`. */
  readonly locale: string;
  /** How moments are told; days are UTC whatever is chosen, since they are what is counted by. */
  readonly clock: 'utc' | 'local';
  readonly keys: 'on' | 'off';
}

export const DEFAULTS: Settings = {
  theme: 'system',
  contrast: 'system',
  motion: 'system',
  locale: 'system',
  clock: 'utc',
  keys: 'on',
};
const NAMES = Object.keys(DEFAULTS) as (keyof Settings)[];
const CHOICES: Partial<Record<keyof Settings, readonly string[]>> = {
  theme: ['light', 'dark'],
  contrast: ['standard', 'more'],
  motion: ['full', 'reduce'],
  clock: ['local'],
  keys: ['off'],
};

let settings = DEFAULTS;
const watchers = new Set<() => void>();

function isLocale(text: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text).length > 0;
  } catch {
    return false; // no language tag at all
  }
}

/** What is stored and means something; anything else is the default. */
function read(): Settings {
  const stored = NAMES.flatMap((name) => {
    const value = readStored(`${STORED}${name}`);
    if (value === null) return [];
    const known = name === 'locale' ? isLocale(value) : (CHOICES[name]?.includes(value) ?? false);
    return known ? [[name, value] as const] : [];
  });
  return { ...DEFAULTS, ...Object.fromEntries(stored) };
}

const matches = (query: string): boolean => window.matchMedia(query).matches;

/** Puts the settings into effect: attributes for the styles, locale and clock for the formatters. */
function apply(): void {
  const { theme, contrast, motion, locale, clock } = settings;
  const root = document.documentElement.dataset;
  root.theme = theme === 'system' ? (matches(DARK) ? 'dark' : 'light') : theme;
  root.contrast = contrast === 'system' ? (matches(MORE_CONTRAST) ? 'more' : 'standard') : contrast;
  root.motion = motion === 'system' ? (matches(LESS_MOTION) ? 'reduce' : 'full') : motion;
  setFormat({ locale: locale === 'system' ? undefined : locale, zone: clock === 'utc' ? 'UTC' : undefined });
  for (const watcher of watchers) watcher();
}

/** Reads what is stored and follows the system from now on; once, when the page starts. */
export function startSettings(): void {
  settings = read();
  apply();
  for (const query of [DARK, MORE_CONTRAST, LESS_MOTION]) window.matchMedia(query).addEventListener('change', apply);
}

export const getSettings = (): Settings => settings;

export function setSetting<Name extends keyof Settings>(name: Name, value: Settings[Name]): void {
  writeStored(`${STORED}${name}`, value === DEFAULTS[name] ? null : value);
  settings = { ...settings, [name]: value };
  apply();
}

/** Calls back after every change, the system's included. @returns the end of it */
export function watchSettings(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether what moves should rather not: the viewer's choice, else the system's. */
export const lessMotion = (): boolean => document.documentElement.dataset.motion === 'reduce';
