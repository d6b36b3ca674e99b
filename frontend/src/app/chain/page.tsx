import type { Metadata } from 'next';
import { Chain } from '../../components/chain/Chain';

export const metadata: Metadata = { title: 'Chain' };

export default function Page() {
  return <Chain />;
}
