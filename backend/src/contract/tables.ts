import { Type, type Static } from '@sinclair/typebox';

/** A table as it stands on a page, to be made a file of. */
export const MAX_TABLE_COLUMNS = 60;
export const MAX_TABLE_ROWS = 5_000;

export const PageTable = Type.Object(
  {
    columns: Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: '^[^"\\u0000-\\u001f]*$' }), {
      minItems: 1,
      maxItems: MAX_TABLE_COLUMNS,
      description: 'Names, no two alike, whatever their case',
    }),
    rows: Type.Array(Type.Array(Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Null()])), {
      maxItems: MAX_TABLE_ROWS,
      description: 'As many cells each as there are columns',
    }),
  },
  { additionalProperties: false },
);
export type PageTable = Static<typeof PageTable>;
