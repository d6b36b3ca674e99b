import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChainhookNode, ChainhookNodeError } from './chainhookNode.js';

/** Whoever answers in the node's place, as a proxy does while it is away, has no word of its predicates. */
test.each([
  ['a page', '<html>maintenance</html>'],
  ['nothing', ''],
  ['an empty object', '{}'],
  ['a result without a status', '{"status":200,"result":{"uuid":"a"}}'],
  ['a status without a type', '{"status":200,"result":{"uuid":"a","status":{"info":{}}}}'],
])('%s in the place of a status is no status', async (_what, body) => {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const node = new ChainhookNode(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(node.status('a')).rejects.toThrow(ChainhookNodeError);
    await expect(node.status('a')).rejects.toThrow('the answer about predicate a does not tell its status');
  } finally {
    server.close();
  }
});
