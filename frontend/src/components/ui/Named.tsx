'use client';
import { usePick } from '../../lib/hooks/usePick';
import type { FilterName } from '../../lib/view';

interface NamedProps {
  readonly filter: FilterName;
  readonly id: string;
  readonly name: string;
}

/** A thing in a table: a press narrows the page down to it. */
export function Named({ filter, id, name }: NamedProps) {
  const pick = usePick();
  return (
    <button
      type="button"
      title={`Only ${name}`}
      className="link max-w-full truncate max-md:min-h-11"
      onClick={() => pick.filter(filter, id)}
    >
      {name}
    </button>
  );
}
