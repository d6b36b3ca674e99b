import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token that a service on loopback made and keeps under its `DATA_DIR`; undefined if it made none. */
export function readMadeToken(dataDir: string, role: 'chainhook' | 'admin' = 'chainhook'): string | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'tokens.json'), 'utf8');
  } catch {
    return undefined;
  }
  const token = (JSON.parse(text) as Partial<Record<string, unknown>>)[role];
  return typeof token === 'string' ? token : undefined;
}
