'use client';
import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { useAddress } from '../../lib/hooks/useAddress';
import { usePick } from '../../lib/hooks/usePick';
import type { FilterName } from '../../lib/view';

/** Pages of single things, by what they are filtered by. */
const PAGE: Partial<Record<FilterName, string>> = {
  badge: '/badge/',
  community: '/community/',
  issuer: '/issuer/',
  user: '/user/',
};

interface NamedProps {
  readonly filter: FilterName;
  readonly id: string;
  readonly name: string;
}

/** A thing in a table: a press narrows the page down to it, the arrow behind it leads to its own page. */
export function Named({ filter, id, name }: NamedProps) {
  const pick = usePick();
  const { href } = useAddress();
  const page = PAGE[filter];
  return (
    <span className="flex min-w-0 items-center gap-1">
      <button
        type="button"
        title={`Only ${name}`}
        className="link min-w-0 truncate max-md:min-h-11"
        onClick={() => pick.filter(filter, id)}
      >
        {name}
      </button>
      {page !== undefined && (
        <Link
          href={href(page, { id })}
          prefetch={false}
          className="grid size-6 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunk hover:text-ink max-md:size-11 pointer-coarse:size-11"
        >
          <ArrowUpRight aria-hidden size={14} />
          <span className="sr-only">Page of {name}</span>
        </Link>
      )}
    </span>
  );
}

/** A thing whose page one wants to see. */
export function NamedLink({ filter, id, name }: NamedProps) {
  const { href } = useAddress();
  return (
    <Link
      href={href(PAGE[filter] ?? '/', { id })}
      prefetch={false}
      title={id}
      className="link inline-flex max-w-full items-center max-md:min-h-11"
    >
      <span className="truncate">{name}</span>
    </Link>
  );
}

/** A thing named in a sentence: it wraps and is cut as the words around it are. */
export function InlineLink({ filter, id, name }: NamedProps) {
  const { href } = useAddress();
  return (
    <Link href={href(PAGE[filter] ?? '/', { id })} prefetch={false} className="link">
      {name}
    </Link>
  );
}
