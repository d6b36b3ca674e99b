import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { predicateFile } from './definitions.js';

/** Writes `predicates/*.json` anew from the definitions: `npx tsx chainhooks/writePredicates.ts`. */
for (const network of ['devnet', 'testnet', 'mainnet'] as const)
  writeFileSync(join('chainhooks', 'predicates', `${network}.json`), predicateFile(network));
