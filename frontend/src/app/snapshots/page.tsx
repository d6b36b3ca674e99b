import type { Metadata } from 'next';
import { Snapshots } from '../../components/snapshots/Snapshots';

export const metadata: Metadata = { title: 'Snapshots' };

export default function Page() {
  return <Snapshots />;
}
