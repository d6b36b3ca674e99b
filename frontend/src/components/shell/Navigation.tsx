'use client';
import { Menu } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useRef, useState } from 'react';
import { ALERTS, isAt, PAGES, type PageEntry } from '../../lib/pages';

const load = () => import('./Sheet');
const Sheet = dynamic(load, { ssr: false });

interface NavigationProps {
  /** Where a page is, with the days and filters of this one. */
  readonly href: (path: string) => string;
}

const current = (page: PageEntry, path: string) => (isAt(page, path) ? ({ 'aria-current': 'page' } as const) : {});

/** The pages side by side where there is room. */
export function Navigation({ href }: NavigationProps) {
  const path = usePathname();
  return (
    <nav aria-label="Pages" className="ml-6 hidden gap-0.5 xl:flex">
      {PAGES.map((page) => (
        <Link
          key={page.path}
          href={href(page.path)}
          prefetch={false}
          {...current(page, path)}
          className="flex min-h-9 items-center rounded-[9px] px-2.5 font-medium text-ink-2 hover:text-ink aria-[current]:bg-sunk aria-[current]:text-ink min-[1440px]:px-3"
        >
          {page.name}
        </Link>
      ))}
    </nav>
  );
}

/** The same in a sheet where there is none. */
export function NavigationSheet({ href }: NavigationProps) {
  const path = usePathname();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const preload = () => void load().catch(() => undefined);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        className="control -ml-2.5 border-transparent bg-transparent px-2.5 xl:hidden"
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setOpen(true)}
      >
        <Menu aria-hidden size={19} />
        <span className="sr-only">Pages</span>
      </button>
      {open && (
        <Sheet title="Pages" opener={button} onClose={() => setOpen(false)}>
          <ul className="flex flex-col gap-1">
            {[...PAGES, ALERTS].map((page) => (
              <li key={page.path}>
                <Link
                  href={href(page.path)}
                  prefetch={false}
                  onClick={() => setOpen(false)}
                  {...current(page, path)}
                  className="flex min-h-12 items-center rounded-[10px] px-3 text-base font-medium text-ink-2 hover:bg-sunk aria-[current]:bg-sunk aria-[current]:text-ink"
                >
                  {page.name}
                </Link>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </>
  );
}
