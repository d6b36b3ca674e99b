'use client';
import type { ChainStatus } from '@passportx/analytics-backend/contract';
import { BookOpen, LogOut, Moon, Sun } from 'lucide-react';
import { BACKEND_URL } from '../lib/api/client';
import { useTheme } from '../lib/hooks/useTheme';
import { Brand } from './Brand';
import { LiveIndicator } from './LiveIndicator';

export const API_DOCS = `${BACKEND_URL}/api/docs`;
const icon = 'control border-transparent bg-transparent px-2.5 text-ink-2 hover:text-ink';

interface HeaderProps {
  readonly chain: ChainStatus | undefined;
  /** Absent where there is nothing live to tell, as on the sign-in screen. */
  readonly live: boolean;
  readonly onSignOut?: (() => void) | undefined;
}

export function Header({ chain, live, onSignOut }: HeaderProps) {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-page/90 backdrop-blur-sm">
      <div className="mx-auto flex h-14 max-w-[1408px] items-center gap-1 px-4 sm:px-6">
        <a href="/" className="flex min-h-11 items-center">
          <Brand />
        </a>
        <div className="ml-auto flex items-center">
          {live && <LiveIndicator chain={chain} />}
          <a href={API_DOCS} className={`${icon} max-sm:hidden`}>
            <BookOpen aria-hidden size={17} />
            <span className="text-sm max-lg:sr-only">API</span>
          </a>
          <ThemeToggle />
          {onSignOut && (
            <button type="button" className={icon} onClick={onSignOut}>
              <LogOut aria-hidden size={17} />
              <span className="sr-only">Sign out</span>
            </button>
          )}
        </div>
      </div>
    </header>
  );
}

function ThemeToggle() {
  const [theme, toggle] = useTheme();
  const Icon = theme === 'dark' ? Sun : Moon;
  return (
    <button type="button" className={icon} onClick={toggle}>
      <Icon aria-hidden size={17} />
      <span className="sr-only">{theme === 'dark' ? 'Light theme' : 'Dark theme'}</span>
    </button>
  );
}
