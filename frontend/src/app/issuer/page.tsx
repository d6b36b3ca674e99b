import type { Metadata } from 'next';
import { Issuer } from '../../components/issuers/Issuer';

export const metadata: Metadata = { title: 'Issuer' };

export default function Page() {
  return <Issuer />;
}
