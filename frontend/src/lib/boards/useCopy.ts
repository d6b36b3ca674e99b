import type { BoardContent } from '@passportx/analytics-backend/contract';
import { useRouter } from 'next/navigation';
import { useToast } from '../../components/ui/Toast';
import { createBoard } from '../api/boards';
import { ApiError } from '../api/client';
import { boardPath, keepEditKey } from './address';

/** Of a name, so much that the word behind it has room. */
const NAME_CHARACTERS = 70;

/** Makes a board of one's own of what is on another, and leads to it. @returns whether it was made; if not, it is said why */
export function useCopy(): (content: BoardContent) => Promise<boolean> {
  const router = useRouter();
  const say = useToast();
  return async ({ name, range, widgets }) => {
    try {
      const { board, editKey } = await createBoard({
        name: `${name.slice(0, NAME_CHARACTERS)}, copy`,
        range,
        widgets,
      });
      keepEditKey(board.id, editKey);
      router.push(boardPath(board.id, 'edit'));
      return true;
    } catch (error) {
      const refused = error instanceof ApiError && (error.kind === 'unauthorized' || error.kind === 'forbidden');
      const failure = error instanceof Error ? error.message : 'The board could not be copied.';
      say(refused ? 'Only those who are signed in can copy a board.' : failure);
      return false;
    }
  };
}
