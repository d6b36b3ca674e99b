import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { TestService } from './service.js';

/** The resident memory of a `TestService` after a garbage collection, in MB. */
export interface Memory {
  readonly own: number;
  /** Pages of files that are mapped (the log, programs): the kernel takes them back when it needs them. */
  readonly files: number;
  /** Of `files`, those of the log, of which there are more as it grows. */
  readonly log: number;
  /** Of `own`, what the JavaScript of the main thread holds. */
  readonly script: number;
  /** The most that was resident since the start, both together. */
  readonly peak: number;
}

/** Environment of a service that is to be asked. */
export const MEASURED = {
  NODE_OPTIONS: `--import ${pathToFileURL(resolve('backend/test/support/memoryProbe.mjs')).href}`,
} as const;

const MB = 1024 * 1024;

export async function memoryOf(service: TestService): Promise<Memory> {
  const told = JSON.parse(await text(connect(join(service.dataDir, 'memory.sock')))) as Memory;
  const { own, files, log, script, peak } = told;
  return {
    own: Math.round(own / MB),
    files: Math.round(files / MB),
    log: Math.round(log / MB),
    script: Math.round(script / MB),
    peak: Math.round(peak / MB),
  };
}

/** How long memory is watched until it has come to rest, in s. */
const REST_S = 10;

/**
 * The least that is resident within some seconds, when nothing is asked of the service: V8 gives back the pages of what was
 * collected only by and by, which at once after work are up to a hundred MB. What is held is in every one of the measures.
 * @param belowMb it is watched no longer once its own memory is below
 */
export async function memoryAtRest(service: TestService, belowMb = 0): Promise<Memory> {
  let least = await memoryOf(service);
  for (let second = 0; second < REST_S && least.own >= belowMb; second += 1) {
    await sleep(1_000);
    const now = await memoryOf(service);
    if (now.own < least.own) least = now;
  }
  return least;
}
