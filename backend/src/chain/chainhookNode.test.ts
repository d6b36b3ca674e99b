import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChainhookNode, ChainhookNodeError } from './chainhookNode.js';

let server: Server;
afterEach(() => server.close());

/** A node that answers everything with this. */
async function answering(body: string): Promise<{ node: ChainhookNode; url: string }> {
  server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { node: new ChainhookNode(url), url };
}

/** Whoever answers in the node's place, as a proxy does while it is away, has no word of its predicates. */
test.each([
  ['a page', '<html>maintenance</html>'],
  ['nothing', ''],
  ['an empty object', '{}'],
  ['a result without a status', '{"status":200,"result":{"uuid":"a"}}'],
  ['a status without a type', '{"status":200,"result":{"uuid":"a","status":{"info":{}}}}'],
])('%s in the place of a status is no status', async (_what, body) => {
  const { node } = await answering(body);
  await expect(node.status('a')).rejects.toThrow(ChainhookNodeError);
  await expect(node.status('a')).rejects.toThrow('the answer about predicate a does not tell its status');
});

test.each([
  ['a text', 'no '.repeat(1_000_000), 'no '.repeat(100)],
  ['an object', { why: 'no '.repeat(1_000_000) }, `{"why":"${'no '.repeat(100)}`.slice(0, 300)],
])('of a failure that a node explains with %s of megabytes a line is told', async (_what, error, told) => {
  const { node, url } = await answering(JSON.stringify({ status: 500, error }));
  await expect(node.ping()).rejects.toThrow(new ChainhookNodeError(`${url} answered GET /ping with 500: ${told}`, 500));
});
