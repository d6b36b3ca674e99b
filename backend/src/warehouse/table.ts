/** A result to take elsewhere: named columns of one type each. */
export type TableType = 'text' | 'time' | 'integer' | 'number' | 'boolean';
export type TableCell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  /** `time` is ISO 8601, UTC. */
  readonly type: TableType;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
}
