'use client';
import type { RefObject } from 'react';
import { ALERTS, PAGES, SETTINGS } from '../../lib/pages';
import type { KeysPlace } from './Keys';
import Sheet from './Sheet';

const ON_PAGES: readonly (readonly [string, string])[] = [
  ['d', 'Choose the days'],
  ['[  ]', 'Days before, days after'],
  ['f', 'Filter'],
  ['c', 'Remove every filter'],
  ['s', 'Share what is shown'],
  ['Enter', 'Narrow down to that place of a chart'],
];
const ON_BOARDS: readonly (readonly [string, string])[] = [
  ['Arrows', 'Move a widget by its handle'],
  ['Shift Arrows', 'Make it larger or smaller'],
];
const EVERYWHERE: readonly (readonly [string, string])[] = [
  ['?', 'These keys'],
  ['t', 'Light or dark'],
  ['Esc', 'Close what is open'],
  ['← →', 'Along a chart'],
];

interface KeysSheetProps {
  readonly at: KeysPlace;
  readonly opener: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Every key and what it does. */
export default function KeysSheet({ at, opener, onClose }: KeysSheetProps) {
  return (
    <Sheet title="Keys" place="middle" opener={opener} onClose={onClose}>
      <div className="grid gap-x-8 px-3 pb-2 sm:grid-cols-2">
        <KeyList keys={[...EVERYWHERE, ...(at === 'page' ? ON_PAGES : ON_BOARDS)]} />
        <KeyList keys={[...PAGES, ALERTS, SETTINGS].map(({ key, name }) => [`g ${key}`, name])} />
      </div>
    </Sheet>
  );
}

const KeyList = ({ keys }: { readonly keys: readonly (readonly [string, string])[] }) => (
  <dl>
    {keys.map(([key, what]) => (
      <div
        key={key}
        className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1.5 sm:last:border-0"
      >
        <dd className="order-2 text-right text-ink-2">{what}</dd>
        <dt className="order-1 shrink-0">
          <kbd className="rounded-md border border-line-strong bg-sunk px-1.5 py-0.5 font-sans text-xs font-semibold whitespace-pre">
            {key}
          </kbd>
        </dt>
      </div>
    ))}
  </dl>
);
