/** The retention cohorts as the grid draws them: only months that brought someone, each share beside its count. */
import type { RetentionCohort } from '@passportx/analytics-backend/contract';

export interface CohortCell {
  readonly users: number;
  /** % of the cohort, unrounded; null when the cohort is empty. */
  readonly share: number | null;
}
export interface CohortRow {
  readonly month: string;
  readonly size: number;
  readonly cells: readonly CohortCell[];
}

/** Drops the empty months before the first that has users; a gap in the middle stays, it is part of the story. */
export function toCohortRows(cohorts: readonly RetentionCohort[]): CohortRow[] {
  const first = cohorts.findIndex(({ size }) => size > 0);
  if (first === -1) return [];
  return cohorts.slice(first).map(({ cohort, size, retained }) => ({
    month: cohort,
    size,
    cells: retained.map((users) => ({ users, share: size === 0 ? null : (100 * users) / size })),
  }));
}
