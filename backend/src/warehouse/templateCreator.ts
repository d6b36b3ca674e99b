import { queryRows } from './query.js';
import type { Connection } from './readModel.js';

/** Who created a template; null when its creation is not known. */
export async function templateCreator(connection: Connection, templateId: string): Promise<string | null> {
  const [row] = await queryRows<{ creator: string }>(
    connection,
    'SELECT creator FROM current_template WHERE template_id = ?',
    [templateId],
  );
  return row?.creator ?? null;
}
