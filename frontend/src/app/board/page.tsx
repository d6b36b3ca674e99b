import type { Metadata } from 'next';
import { BoardPage } from '../../components/boards/BoardPage';

export const metadata: Metadata = { title: 'Board' };

export default function Page() {
  return <BoardPage />;
}
