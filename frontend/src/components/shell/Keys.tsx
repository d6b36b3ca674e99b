'use client';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useAddress } from '../../lib/hooks/useAddress';
import { useSettings } from '../../lib/hooks/useSettings';
import { useTheme } from '../../lib/hooks/useTheme';
import { useToday } from '../../lib/hooks/useNow';
import { ALERTS, PAGES, SETTINGS } from '../../lib/pages';
import { hrefOf, parseView, selectionChanges, shiftRange } from '../../lib/view';

/** A board has no days, filters or link of its own to reach by a key. */
export type KeysPlace = 'page' | 'board';

const KeysSheet = dynamic(() => import('./KeysSheet'), { ssr: false });
/** How long `g` waits for the page's letter. */
const CHORD_MS = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Where a layout has brackets behind Option or AltGr, which some tell as Ctrl and Alt, they are typed with it. */
const isCommand = ({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  metaKey || (altKey ? key !== '[' && key !== ']' : ctrlKey);

/** Keys for the whole page. They can be switched off, since one letter is easily pressed by speech input (WCAG 2.1.4). */
export function Keys({ at = 'page' }: { readonly at?: KeysPlace }) {
  const [shown, setShown] = useState(false);
  const [{ keys }] = useSettings();
  const { change } = useAddress();
  const today = useToday();
  const router = useRouter();
  const [, toggleTheme] = useTheme();
  const opener = useRef<HTMLElement>(null);
  // Long ago: `timeStamp` counts from when the page was opened.
  const chordAt = useRef(-Infinity);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (keys === 'off' || isCommand(event) || isTyping(event.target)) return;
    // What is open waits for an answer: a letter meant for it must not lead away from it.
    if (document.querySelector('[role="dialog"]') !== null) return;
    if (event.timeStamp - chordAt.current < CHORD_MS) {
      chordAt.current = -Infinity;
      const page = [...PAGES, ALERTS, SETTINGS].find(({ key }) => key === event.key);
      if (page) router.push(hrefOf(page.path, window.location.search));
      return;
    }
    const press = (key: string) => document.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click();
    // Only what the page shows: days that are moved, or a filter that is removed, without its chip would go unseen.
    const shift = (direction: -1 | 1) => {
      if (document.querySelector('[data-key="d"]') === null) return;
      // As the address is now: React hears of a change a moment later, and another key may come before.
      const { range } = parseView(window.location.search, today);
      change(selectionChanges({ timeRange: 'custom', ...shiftRange(range, direction, today) }));
    };
    const clear = () => {
      const chips = [...document.querySelectorAll<HTMLElement>('[data-chip]')];
      if (chips.length > 0) change(Object.fromEntries(chips.map(({ dataset }) => [dataset.removes ?? '', null])));
    };
    switch (event.key) {
      case 'g':
        // Of what is not saved yet nobody is led away by a letter.
        if (document.querySelector('[data-unsaved]') !== null) return;
        chordAt.current = event.timeStamp;
        return;
      case '?':
        opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
        return setShown(true);
      case 'd':
      case 'f':
      case 's':
        return press(event.key);
      case '[':
        return shift(-1);
      case ']':
        return shift(1);
      case 'c':
        return clear();
      case 't':
        return toggleTheme();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  return shown && <KeysSheet at={at} opener={opener} onClose={() => setShown(false)} />;
}
