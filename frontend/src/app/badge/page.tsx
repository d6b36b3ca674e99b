import type { Metadata } from 'next';
import { Badge } from '../../components/badges/Badge';

export const metadata: Metadata = { title: 'Badge' };

export default function Page() {
  return <Badge />;
}
