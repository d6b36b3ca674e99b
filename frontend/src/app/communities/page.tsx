import type { Metadata } from 'next';
import { Communities } from '../../components/communities/Communities';

export const metadata: Metadata = { title: 'Communities' };

export default function Page() {
  return <Communities />;
}
