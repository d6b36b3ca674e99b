import { QUERY_DIMENSIONS, type QueryDimension, type QueryFilters } from '../contract/index.js';
import { groupNames } from '../warehouse/groupNames.js';
import type { Connection } from '../warehouse/readModel.js';

/** A filter as a person knows it: badges and communities by their names, where those are known. */
export interface NamedFilter {
  readonly dimension: QueryDimension;
  readonly values: readonly string[];
}

export async function filterNames(connection: Connection, filters: QueryFilters): Promise<NamedFilter[]> {
  const named: NamedFilter[] = [];
  for (const dimension of QUERY_DIMENSIONS) {
    const ids = filters[dimension]?.map(String);
    if (ids === undefined) continue;
    const names =
      dimension === 'badge' || dimension === 'community' ? await groupNames(connection, dimension, ids) : undefined;
    named.push({ dimension, values: ids.map((id) => names?.get(id) ?? id) });
  }
  return named;
}
