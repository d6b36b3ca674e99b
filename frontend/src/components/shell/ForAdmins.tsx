'use client';
import Link from 'next/link';
import { useAddress } from '../../lib/hooks/useAddress';

/** Where one becomes an admin. */
export function ForAdmins() {
  const { href } = useAddress();
  return (
    <Link
      href={`${href('/settings/')}#session`}
      prefetch={false}
      className="font-medium text-accent-ink underline underline-offset-2"
    >
      Sign in with the admin token
    </Link>
  );
}
