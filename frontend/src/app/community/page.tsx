import type { Metadata } from 'next';
import { Community } from '../../components/communities/Community';

export const metadata: Metadata = { title: 'Community' };

export default function Page() {
  return <Community />;
}
