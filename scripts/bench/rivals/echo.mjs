import console from 'node:console';
import process from 'node:process';
import express from 'express';
import { openLmdb } from '../../../backend/dist/log/lmdb.js';

/**
 * The least that a durable acknowledgement costs: Express parses the JSON, one entry goes through the same group commit
 * into the same store, the body comes back. It decodes nothing and decides nothing.
 */
const { log } = await openLmdb(process.env.RIVAL_DIR, { logger: console });
const entry = {
  kind: 'block',
  hash: `0x${'ab'.repeat(32)}`,
  height: 1,
  parent: `0x${'cd'.repeat(32)}`,
  atMs: 1,
  canonical: true,
  reason: 'applied',
};

const app = express();
app.post('/api/chainhook/events', express.json({ limit: '40mb' }), async (request, response) => {
  await log.append([entry]);
  response.json(request.body);
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
