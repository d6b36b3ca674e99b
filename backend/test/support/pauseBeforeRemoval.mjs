import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Loaded into a built command before its main module (`node --import`): before it removes the checkpoint, the first thing
 * of a service's that it touches, it makes the file PAUSED and waits until that is gone.
 */
const { rm } = fs.promises;
const { PAUSED = '' } = process.env;
fs.promises.rm = async (path, ...rest) => {
  if (/[\\/]checkpoint[\\/]/.test(String(path))) {
    fs.writeFileSync(PAUSED, '');
    while (fs.existsSync(PAUSED)) await sleep(10);
  }
  return rm(path, ...rest);
};
syncBuiltinESMExports();
