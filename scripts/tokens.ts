import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The chain node's token that a service on loopback made and keeps under its `DATA_DIR`; undefined if it made none. */
export function readMadeToken(dataDir: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'tokens.json'), 'utf8');
  } catch {
    return undefined;
  }
  const { chainhook } = JSON.parse(text) as { chainhook?: unknown };
  return typeof chainhook === 'string' ? chainhook : undefined;
}
