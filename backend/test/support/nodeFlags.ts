import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * What Node is given where the service runs, as `npm start` gives it: what is tested and measured is what is run. Tests and
 * scripts run from the root of the repository.
 */
export const NODE_FLAGS: readonly string[] = (
  JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { readonly scripts: { readonly start: string } }
).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'));
