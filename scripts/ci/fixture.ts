import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Aggregated } from '../../backend/src/contract/index.js';
import { deliver } from '../deliver.js';
import { startService } from '../demo/service.js';
import { readLines } from '../replay/run.js';
import { readMadeToken } from '../tokens.js';

/**
 * Delivers the payloads of a real node (NDJSON, none of them of our contracts) to the built service: every line is
 * answered 200, and nothing is counted or set aside. Run by the checks where `CHAINHOOK_FIXTURE` names such a file.
 */
const MAIN = join(import.meta.dirname, '../../backend/dist/main.js');
const PORT = 3097;

async function main(file: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'passportx-fixture-'));
  const service = await startService(MAIN, PORT, dataDir);
  try {
    const target = { url: service.url, token: readMadeToken(dataDir) ?? '', patienceMs: 10_000 };
    let lines = 0;
    for await (const { number, text } of readLines(file)) {
      const delivered = await deliver(text, target);
      if (delivered.kind === 'refused') throw new Error(`line ${number} was refused: ${delivered.reason}`);
      const { accepted, quarantined } = delivered.receipt;
      if (accepted + quarantined > 0) throw new Error(`line ${number}: ${JSON.stringify(delivered.receipt)}`);
      lines += 1;
    }
    const answer = await fetch(`${service.url}/api/analytics/aggregated`);
    const { metrics } = (await answer.json()) as Aggregated;
    if (Object.values(metrics).some((value) => value !== 0)) throw new Error(`counted: ${JSON.stringify(metrics)}`);
    process.stdout.write(`${lines} lines answered 200, nothing counted\n`);
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true });
  }
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
