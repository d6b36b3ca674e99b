import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { StandInNode } from '../test/support/chainhookNode.js';
import { readConfig } from './config.js';
import { observe } from './observe.js';

/** Where a node is told to deliver, of a service with these settings. */
async function toldTo(settings: Readonly<Record<string, string>>): Promise<(string | undefined)[]> {
  const node = await StandInNode.start(10);
  const dataDir = await mkdtemp(join(tmpdir(), 'passportx-observe-'));
  try {
    const observer = observe({
      config: readConfig({ CHAINHOOK_NODE_URL: node.url, DATA_DIR: dataDir, ...settings }),
      token: 'secret',
      portOpen: Promise.resolve(),
      intake: {
        beginRescan: () => undefined,
        endRescan: async () => undefined,
        isRescanning: () => false,
        status: () => ({ tip: null }) as never,
      },
      documents: { get: async () => undefined, put: async () => undefined },
      logger: pino({ level: 'silent' }),
    });
    while (node.predicates.length < 3) await new Promise(setImmediate);
    const urls = node.posted.map(({ networks }) => Object.values(networks)[0]?.then_that.http_post.url);
    await observer?.close();
    return [...new Set(urls)];
  } finally {
    await node.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

test.each([
  ['the address that it listens on', {}, 'http://127.0.0.1:3010/payload'],
  ["its machine's name, when it listens on all", { HOST: '0.0.0.0' }, `http://${hostname()}:3010/payload`],
  [
    'what it is told that the node reaches',
    { HOST: '0.0.0.0', CHAINHOOK_EXTERNAL_URL: 'http://analytics.example:9000' },
    'http://analytics.example:9000/payload',
  ],
])('a node delivers to %s', async (_where, settings, url) => {
  expect(await toldTo(settings)).toEqual([url]);
});
