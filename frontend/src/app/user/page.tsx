import type { Metadata } from 'next';
import { User } from '../../components/users/User';

export const metadata: Metadata = { title: 'Passport' };

export default function Page() {
  return <User />;
}
