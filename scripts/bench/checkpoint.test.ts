import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPart } from '../../backend/src/analyzers/columns/dump.js';
import { CheckpointFile } from '../../backend/src/batch/checkpoint.js';
import { warnings } from '../../backend/test/support/warnings.js';
import { laterThan, positionOf } from './checkpoint.js';

test('the position of a checkpoint is that which it was saved with, and is waited for', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-checkpoint-'));
  try {
    const path = join(dir, 'folds');
    const file = new CheckpointFile(path, 7, warnings);
    expect(await positionOf(path)).toBe(0);
    const written = laterThan(path, 0);
    await file.save(8_650_321, [ownPart(new Uint8Array(100))]);
    expect(await written).toBe(8_650_321);
    const later = laterThan(path, 8_650_321);
    await file.save(10_700_000, [ownPart(new Uint8Array(9)), ownPart(new Uint8Array(1_000))]);
    expect(await later).toBe(10_700_000);
  } finally {
    await rm(dir, { recursive: true });
  }
});
