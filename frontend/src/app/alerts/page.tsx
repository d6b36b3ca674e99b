import type { Metadata } from 'next';
import { Alerts } from '../../components/alerts/Alerts';

export const metadata: Metadata = { title: 'Alerts' };

export default function Page() {
  return <Alerts />;
}
