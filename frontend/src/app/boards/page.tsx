import type { Metadata } from 'next';
import { BoardList } from '../../components/boards/BoardList';

export const metadata: Metadata = { title: 'Boards' };

export default function Page() {
  return <BoardList />;
}
