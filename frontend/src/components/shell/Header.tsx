'use client';
import type { ChainStatus } from '@passportx/analytics-backend/contract';
import { Moon, Settings2, Sun } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { SETTINGS } from '../../lib/pages';
import { useTheme } from '../../lib/hooks/useTheme';
import { Bell } from './Bell';
import { Brand } from './Brand';
import { LiveIndicator } from './LiveIndicator';
import { Navigation, NavigationSheet } from './Navigation';

const icon = 'control border-transparent bg-transparent px-2.5 text-ink-2 hover:text-ink';

interface HeaderProps {
  readonly chain: ChainStatus | undefined;
  /** Absent where there is nothing live to tell, as on the sign-in screen. */
  readonly live: boolean;
  readonly href: (path: string) => string;
}

export function Header({ chain, live, href }: HeaderProps) {
  const path = usePathname();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-page/90 backdrop-blur-sm">
      <div className="page-width flex h-14 items-center gap-1">
        <NavigationSheet href={href} />
        <Link href={href('/')} prefetch={false} className="flex min-h-11 items-center">
          <Brand />
        </Link>
        <Navigation href={href} />
        <div className="ml-auto flex items-center">
          {live && <LiveIndicator chain={chain} />}
          {live && <Bell href={href} className={icon} />}
          <ThemeToggle />
          <Link
            href={href(SETTINGS.path)}
            prefetch={false}
            className={`${icon} aria-[current]:bg-sunk aria-[current]:text-ink`}
            {...(path === SETTINGS.path ? { 'aria-current': 'page' } : {})}
          >
            <Settings2 aria-hidden size={17} />
            <span className="sr-only">{SETTINGS.name}</span>
          </Link>
        </div>
      </div>
    </header>
  );
}

function ThemeToggle() {
  const [theme, toggle] = useTheme();
  const Icon = theme === 'dark' ? Sun : Moon;
  return (
    <button type="button" className={`${icon} max-sm:hidden`} onClick={toggle}>
      <Icon aria-hidden size={17} />
      <span className="sr-only">{theme === 'dark' ? 'Light theme' : 'Dark theme'}</span>
    </button>
  );
}
