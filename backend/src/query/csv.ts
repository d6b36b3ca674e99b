import { csvText } from '../contract/csv.js';
import type { Table } from '../warehouse/table.js';

/** A table of the service as CSV. */
export const csvOf = ({ columns, rows }: Table): string =>
  csvText(
    columns.map(({ name }) => name),
    rows,
  );
