import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Modules of the built backend, as the service runs them: what tsx makes of a source is slower. Given with the types of
 * the source, since those of the build exist only after it.
 * @param path below `backend/dist`
 */
export const built = async <Module>(path: string): Promise<Module> =>
  (await import(pathToFileURL(resolve('backend/dist', path)).href)) as Module;
