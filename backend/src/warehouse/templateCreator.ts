import type { DuckDBConnection } from '@duckdb/node-api';
import { queryRows } from './query.js';

/** Who created a template; null when its creation is not known. */
export async function templateCreator(connection: DuckDBConnection, templateId: string): Promise<string | null> {
  const [row] = await queryRows<{ creator: string }>(
    connection,
    'SELECT creator FROM current_template WHERE template_id = ?',
    [templateId],
  );
  return row?.creator ?? null;
}
