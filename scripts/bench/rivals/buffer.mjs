import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import compression from 'compression';
import express from 'express';
import helmet from 'helmet';
import { Auth } from '../../../backend/dist/api/auth.js';
import { makeGuard } from '../../../backend/dist/api/guard.js';
import { WrongTokenLimit } from '../../../backend/dist/api/limits.js';
import { contentPolicy } from '../../../backend/dist/api/policy.js';

/**
 * The most that a read can reach: `send` of a buffer that is there already, the service's own answer of a moment, behind
 * what stands before every read of the service: request id, security headers, compression, and the guard with the viewer's token RIVAL_TOKEN.
 */
const tokens = { chainhook: 'a', write: 'b', admin: 'c', viewer: process.env.RIVAL_TOKEN };
const auth = new Auth({ tokens, sessionSecret: Buffer.alloc(32), publicDashboard: false, clock: Date.now });
const guard = makeGuard({ auth, wrongTokens: new WrongTokenLimit(), corsOrigins: [] });
/** Told once and the same for every answer, as the service has them. */
const headers = new Map([['Content-Security-Policy', contentPolicy()]]);
helmet({ contentSecurityPolicy: false, strictTransportSecurity: false })(
  {},
  { setHeader: (name, value) => headers.set(name, value), removeHeader: (name) => headers.delete(name) },
  (error) => {
    if (error !== undefined) throw error;
  },
);
const answer = readFileSync(join(process.env.RIVAL_DIR, 'answer'));

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use((_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID());
  response.setHeaders(headers);
  next();
});
app.use(compression());
app.get('/api/analytics/aggregated', ...guard('viewer'), (_request, response) => {
  response.status(200).set({ 'Cache-Control': 'no-store' }).type('application/json').send(answer);
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
