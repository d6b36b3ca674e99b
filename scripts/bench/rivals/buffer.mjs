import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { pino } from 'pino';
import { arrival } from '../../../backend/dist/api/arrival.js';
import { Auth } from '../../../backend/dist/api/auth.js';
import { expressClasses } from '../../../backend/dist/api/expressClasses.js';
import { makeGuard } from '../../../backend/dist/api/guard.js';
import { WrongTokenLimit } from '../../../backend/dist/api/limits.js';
import { HttpMetrics } from '../../../backend/dist/api/metrics.js';
import { Callers } from '../../../backend/dist/cluster/callers.js';

/**
 * The most that a read can reach: `send` of a buffer that is there already, the service's own answer of a moment, behind
 * the service's own middleware: what every request of it meets first, and the guard with the viewer's token RIVAL_TOKEN.
 */
const tokens = { chainhook: 'a', write: 'b', admin: 'c', viewer: process.env.RIVAL_TOKEN };
const auth = new Auth({ tokens, sessionSecret: Buffer.alloc(32), publicDashboard: false, clock: Date.now });
const guard = makeGuard({ auth, wrongTokens: new WrongTokenLimit(), corsOrigins: [] });
// What else it would tell is asked only by those who read the figures.
const metrics = new HttpMetrics({}, () => ({}));
const answer = readFileSync(join(process.env.RIVAL_DIR, 'answer'));
/** There already as well. */
const compressed = gzipSync(answer);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(arrival(metrics, { callers: new Callers('key'), logger: pino({ level: 'warn' }) }));
app.get('/api/analytics/aggregated', ...guard('viewer'), (request, response) => {
  response.status(200).set({ 'Cache-Control': 'no-store' }).type('application/json');
  if (request.headers['accept-encoding'] === undefined) response.send(answer);
  else response.set('Content-Encoding', 'gzip').send(compressed);
});
// As the service's: with requests and answers that Express changes, both would reach half as much.
const server = createServer(expressClasses(app), app);
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
