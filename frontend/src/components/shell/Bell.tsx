'use client';
import { Bell as Icon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { firingOf } from '../../lib/alerts';
import { countOf } from '../../lib/format';
import { useAlertNotices, useAlerts } from '../../lib/hooks/useAlerts';
import { ALERTS } from '../../lib/pages';
import { useToast } from '../ui/Toast';

/** How many alerts fire, on every page; a press leads to them. */
export function Bell({ href, className }: { readonly href: (path: string) => string; readonly className: string }) {
  const path = usePathname();
  const { data } = useAlerts();
  useAlertNotices(useToast());
  const firing = firingOf(data?.alerts ?? []).length;
  return (
    <Link
      href={href(ALERTS.path)}
      prefetch={false}
      data-firing={firing}
      className={`${className} relative aria-[current]:bg-sunk aria-[current]:text-ink`}
      {...(path === ALERTS.path ? { 'aria-current': 'page' } : {})}
    >
      <Icon aria-hidden size={17} className={firing > 0 ? 'text-down' : undefined} />
      {firing > 0 && (
        <span
          aria-hidden
          className="absolute top-0.5 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-down px-1 text-[10px] font-bold text-page tabular-nums"
        >
          {firing > 99 ? '99+' : firing}
        </span>
      )}
      <span className="sr-only">{firing > 0 ? `${ALERTS.name}, ${countOf(firing, 'alert')} firing` : ALERTS.name}</span>
    </Link>
  );
}
