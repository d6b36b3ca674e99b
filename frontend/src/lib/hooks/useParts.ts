/** The parts of a metric: as many as can be told apart by colour, and a rest only where it stands for several. */
import type { QueryAnswer } from '@passportx/analytics-backend/contract';
import type { Answer } from '../answer';
import { PARTS } from '../api/query';
import { useApi } from './useApi';

/**
 * @param pathOf the question for so many groups
 * @param grouped false: there are no parts, and it is asked once
 */
export function useParts(pathOf: (limit: number) => string, grouped = true): Answer<QueryAnswer> {
  const answer = useApi<QueryAnswer>(pathOf(PARTS));
  // Of six groups the sixth is the rest: it is asked for by name, since an answer of five does not tell it.
  const single = grouped && answer.data?.groups === PARTS + 1;
  const all = useApi<QueryAnswer>(single ? pathOf(PARTS + 1) : null);
  return single && (all.data !== undefined || all.error === null) ? all : answer;
}
