import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into the built service before its main module (`node --import`), and so into the thread of its read model: ends the
 * process with SIGKILL when it comes to the point that FAIL_POINT names (`after the flush:3`: the third time). The service
 * knows nothing of it: the classes of `backend/dist` are changed from outside, in each thread those that work there. The
 * names are those of `phases.ts`, and of `rescan.test.ts`.
 */
await import(isMainThread ? './failPoints/service.mjs' : './failPoints/readModel.mjs');
