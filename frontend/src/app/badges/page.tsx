import type { Metadata } from 'next';
import { Badges } from '../../components/badges/Badges';

export const metadata: Metadata = { title: 'Badges' };

export default function Page() {
  return <Badges />;
}
