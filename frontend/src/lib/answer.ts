/** What a card knows of its data: nothing yet, a failure, or the last good answer. The shape of a query, and no more. */
import { ApiError } from './api/client';

export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
  /** What is shown belongs to the days or filters before; the new ones are on their way. */
  readonly isPlaceholderData?: boolean;
}

/** The same answer, seen through a function of its data. */
export const mapAnswer = <A, B>({ data, ...rest }: Answer<A>, see: (data: A) => B): Answer<B> => ({
  ...rest,
  data: data === undefined ? undefined : see(data),
});

/** Several answers as one: there when all are. */
export function allAnswers<T>(answers: readonly Answer<T>[]): Answer<readonly T[]> {
  const data = answers.flatMap(({ data: one }) => (one === undefined ? [] : [one]));
  return {
    data: data.length === answers.length ? data : undefined,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => answers.map(({ refetch }) => refetch()),
    isPlaceholderData: answers.some(({ isPlaceholderData }) => isPlaceholderData === true),
  };
}

/** Why the viewer has to sign in: there is no session, or it is of a role that may not; null when neither. */
export function lockOf(error: Error | null): 'unauthorized' | 'forbidden' | null {
  if (!(error instanceof ApiError)) return null;
  return error.kind === 'unauthorized' || error.kind === 'forbidden' ? error.kind : null;
}
