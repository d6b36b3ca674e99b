import { hasMongo, hasOwnMongo } from './mongodb.js';

/** Where there is no MongoDB-protocol server, the tests that need one are left out, and `npm test` says so. */

/** Declares tests that need a server. */
export const describeWithMongo = hasMongo ? describe : describe.skip;
/** Declares tests that need a server of their own, to kill it. */
export const describeWithOwnMongo = hasOwnMongo ? describe : describe.skip;
