import { getEventListeners, once } from 'node:events';
import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { StandInNode } from '../../test/support/chainhookNode.js';
import { freePort } from '../../test/support/service.js';
import { contractsOf } from './contracts.js';
import { startObserver, type Observer, type ObserverIntake, type ObserverOptions } from './observer.js';
import { PREDICATE_NAMES } from './predicates.js';
import { NO_SCANS, type Scans, type ScanStore } from './scans.js';

const DEPLOYER = 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM';
const [ISSUER = '', METADATA = '', COMMUNITY = ''] = contractsOf(DEPLOYER);

/** Remembers the heights that came to its port, and refuses while told to. */
class Heights implements ObserverIntake {
  readonly seen: number[] = [];
  readonly rescans: number[] = [];
  isOver: (to: number) => boolean = () => true;
  /** Whether the rescan was over, each time that it was asked to end. */
  readonly ends: boolean[] = [];
  refusing = false;
  /** Whether a rescan goes on, however often it is asked to end. */
  rescanning = false;

  async openPort(port: number): Promise<{ close(): Promise<void> }> {
    const server = createHttpServer((request, response) => {
      void json(request).then((body) => {
        const { apply } = body as { apply: { block_identifier: { index: number } }[] };
        if (!this.refusing) this.seen.push(...apply.map((block) => block.block_identifier.index));
        response.writeHead(this.refusing ? 503 : 200).end();
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return { close: () => new Promise((resolve) => server.close(() => resolve())) };
  }

  beginRescan(fromHeight: number, isOver: (to: number) => boolean): void {
    this.rescans.push(fromHeight);
    this.isOver = isOver;
  }

  endRescan(): Promise<void> {
    this.ends.push(this.isOver(this.tipHeight() ?? 0));
    return Promise.resolve();
  }

  isRescanning(): boolean {
    return this.rescanning;
  }

  tipHeight(): number | undefined {
    return this.seen.length === 0 ? undefined : Math.max(...this.seen);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** Signals that `AbortSignal.any` has hung on this one: Node 20 keeps a note of each for as long as this one lives. */
function dependants({ signal }: AbortController): number {
  const [kept] = Object.getOwnPropertySymbols(signal).filter((symbol) => symbol.description === 'kDependantSignals');
  return kept === undefined ? 0 : ((signal as unknown as Record<symbol, Set<unknown> | undefined>)[kept]?.size ?? 0);
}

describe('the observer of a Chainhook node', () => {
  let node: StandInNode;
  let intake: Heights;
  let stateDir: string;
  let port: number;
  let payloads: { close(): Promise<void> };
  let scans: Scans;
  let registered: readonly string[];
  let lines: { level: number; msg: string; reason?: string }[];
  const observers: Observer[] = [];

  const start = (changes: Partial<ObserverOptions> = {}): Observer => {
    const observer = startObserver({
      nodeUrl: node.url,
      network: 'testnet',
      deployer: DEPLOYER,
      host: '127.0.0.1',
      port,
      externalUrl: `http://127.0.0.1:${port}`,
      token: 'secret',
      startBlock: undefined,
      rewindBlocks: 3,
      portOpen: Promise.resolve(),
      stateDir,
      intake,
      scans: {
        load: () => Promise.resolve(scans),
        save: async (next) => {
          scans = next;
        },
      },
      registered: {
        load: () => Promise.resolve(registered),
        save: async (uuids) => {
          registered = uuids;
        },
      },
      logger: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) }),
      intervalMs: 30,
      ...changes,
    });
    observers.push(observer);
    return observer;
  };
  /** Whether these predicates are known to have come to this height. */
  const haveReached = (height: number, names: readonly string[] = PREDICATE_NAMES): Promise<void> =>
    until(() => names.every((name) => (scans.predicates[name]?.to ?? 0) >= height));
  const statuses = (observer: Observer): string[] => [...new Set(observer.predicates().map(({ status }) => status))];
  const streaming = (observer: Observer): Promise<void> => until(() => statuses(observer).join() === 'streaming');

  beforeEach(async () => {
    node = await StandInNode.start(20);
    intake = new Heights();
    stateDir = join(await mkdtemp(join(tmpdir(), 'passportx-observer-')), 'predicates');
    port = await freePort();
    payloads = await intake.openPort(port);
    scans = NO_SCANS;
    registered = [];
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(observers.splice(0).map((observer) => observer.close()));
    await Promise.all([node.close(), payloads.close()]);
    await rm(join(stateDir, '..'), { recursive: true });
  });

  test('asks for the raw prints of every contract and tells how far the node is', async () => {
    const observer = start({ startBlock: 7 });
    await streaming(observer);
    expect(node.predicates.map(({ networks }) => networks.testnet?.if_this.contract_identifier)).toEqual([
      ...contractsOf(DEPLOYER),
    ]);
    expect(node.predicates[0]).toMatchObject({
      name: 'passportx-badge-issuer',
      version: 1,
      chain: 'stacks',
      networks: {
        testnet: {
          start_block: 7,
          decode_clarity_values: false,
          if_this: { scope: 'print_event', matches_regex: '.*' },
          then_that: {
            http_post: { url: `http://127.0.0.1:${port}/payload`, authorization_header: 'Bearer secret' },
          },
        },
      },
    });
    expect(observer.predicates().map(({ uuid }) => uuid)).toEqual(node.predicates.map(({ uuid }) => uuid));
    expect(observer.predicates()[0]).toMatchObject({ status: 'streaming', lastBlock: 0 });
    expect(intake.rescans).toEqual([]);
  });

  test('the node delivers to the port that is open for it', async () => {
    await streaming(start());
    await node.mine(ISSUER);
    await node.mine(ISSUER, COMMUNITY);
    expect(intake.seen).toEqual([1, 2, 2]);
  });

  test('a devnet node is asked under its own network', async () => {
    const observer = start({ network: 'devnet' });
    await streaming(observer);
    expect(Object.keys(node.predicates[0]?.networks ?? {})).toEqual(['devnet']);
    await node.mine(ISSUER);
    expect(intake.seen).toEqual([1]);
    await observer.close();
    expect(node.predicates).toEqual([]);
  });

  test('a restart leaves no hole: blocks of the meantime arrive, from before the last one seen', async () => {
    const first = start();
    await streaming(first);
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    await haveReached(5);
    const before = node.predicates.map(({ uuid }) => uuid);
    await first.close();
    expect(node.predicates).toEqual([]);
    await node.mine(ISSUER);
    await node.mine(METADATA);

    await streaming(start());
    await until(() => intake.seen.includes(7));
    expect(intake.rescans).toEqual([2]);
    expect(node.predicates.map(({ networks }) => networks.testnet?.start_block)).toEqual([2, 2, 2, 2, 2]);
    expect(node.predicates.some(({ uuid }) => before.includes(uuid))).toBe(false);
    await until(() => new Set(intake.seen).size === 7);
    expect(intake.seen.filter((height) => height < 2)).toEqual([1]);
  });

  test('what a killed process left registered is removed, not used on with its old start and token', async () => {
    const killed = start({ token: 'old' });
    await streaming(killed);
    await node.mine(ISSUER);
    const leftOver = [...node.predicates];
    // As after a kill: the predicates are still on the node and in the directory, and nobody listens.
    const kept = join(stateDir, '..', 'kept');
    await cp(stateDir, kept, { recursive: true });
    await killed.close();
    await cp(kept, stateDir, { recursive: true });
    for (const predicate of leftOver)
      await fetch(`${node.url}/v1/chainhooks`, { method: 'POST', body: JSON.stringify(predicate) });
    await writeFile(join(stateDir, 'predicate-half.json'), '{"uuid": "cut o');

    const next = start();
    await streaming(next);
    expect(node.predicates).toHaveLength(5);
    expect(node.predicates.map(({ uuid }) => uuid)).toEqual(next.predicates().map(({ uuid }) => uuid));
    await node.mine(ISSUER);
    expect(intake.seen.at(-1)).toBe(2);
    expect(await readdir(stateDir)).toHaveLength(5);
  });

  test('what a process that died elsewhere left registered is removed by the next, which has nothing of its directory', async () => {
    const dead = start({ token: 'old' });
    await streaming(dead);
    const leftOver = [...node.predicates];
    const noted = registered;
    expect([...noted].sort()).toEqual(leftOver.map(({ uuid }) => uuid).sort());
    // As after a kill: they are still on the node and in the store.
    await dead.close();
    registered = noted;
    for (const predicate of leftOver)
      await fetch(`${node.url}/v1/chainhooks`, { method: 'POST', body: JSON.stringify(predicate) });

    const next = start({ stateDir: join(stateDir, '..', 'of-the-next') });
    await streaming(next);
    expect(node.predicates.map(({ uuid }) => uuid)).toEqual(next.predicates().map(({ uuid }) => uuid));
    await node.mine(ISSUER);
    expect(node.attempts).toEqual([200]);
  });

  test('what it registers is noted before the node is asked', async () => {
    const known: string[] = [];
    const save = async (uuids: readonly string[]): Promise<void> => {
      known.push(...uuids.slice(-1).filter((uuid) => node.posted.some((predicate) => predicate.uuid === uuid)));
      registered = uuids;
    };
    await streaming(start({ registered: { load: () => Promise.resolve(registered), save } }));
    expect(known).toEqual([]);
    expect(registered).toEqual(node.posted.map(({ uuid }) => uuid));
  });

  test('a failing delivery is tried again by the node', async () => {
    await streaming(start());
    intake.refusing = true;
    const mined = node.mine(ISSUER);
    await until(() => node.attempts.length > 0);
    intake.refusing = false;
    await mined;
    expect(node.attempts[0]).toBe(503);
    expect(node.attempts.at(-1)).toBe(200);
    expect(intake.seen).toEqual([1]);
  });

  test('a predicate that the node gave up is registered again with all others, from before the last block seen', async () => {
    const observer = start();
    await streaming(observer);
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    await haveReached(5);
    intake.refusing = true;
    await node.mine(COMMUNITY);
    expect(node.attempts.slice(-3)).toEqual([503, 503, 503]);
    intake.refusing = false;
    await until(() => node.posted.length === 10 && intake.seen.includes(6));
    await streaming(observer);
    expect(node.posted.slice(5).map(({ networks }) => networks.testnet?.start_block)).toEqual([2, 2, 2, 2, 2]);
    expect(node.predicates).toHaveLength(5);
    expect(intake.rescans).toEqual([2]);
    expect(lines).toContainEqual(
      expect.objectContaining({ predicate: 'passportx-community-manager', status: 'interrupted' }),
    );
  });

  test('a predicate that expired is registered again with all others', async () => {
    const observer = start();
    await streaming(observer);
    node.end(COMMUNITY, 'confirmed_expiration');
    await until(() => node.posted.length === 10);
    await streaming(observer);
    expect(node.predicates).toHaveLength(5);
  });

  test('a scan that is far behind goes on from where it was when all are registered anew, over a restart too', async () => {
    for (let n = 1; n <= 10; n += 1) await node.mine(ISSUER, METADATA);
    const release = node.hold(METADATA);
    const first = start();
    await until(() => statuses(first).includes('scanning') && statuses(first).includes('streaming'));
    await until(() => intake.seen.includes(10));
    node.end(COMMUNITY, 'unconfirmed_expiration');
    await until(() => node.posted.length === 10);
    // The others have seen block 10: their scan goes back 3. Of this one nothing has come yet.
    expect(node.posted.slice(5).map(({ networks }) => networks.testnet?.start_block)).toEqual([7, 1, 7, 7, 7]);
    await until(() => scans.predicates['passportx-badge-issuer']?.streams === true);
    await first.close();

    const second = start();
    release();
    await streaming(second);
    expect(node.posted.slice(10).map(({ networks }) => networks.testnet?.start_block)).toEqual([7, 1, 7, 7, 7]);
    await until(() => scans.predicates['passportx-badge-metadata']?.streams === true);
    expect(intake.seen.filter((height) => height === 1)).toHaveLength(2);
  });

  test('how far they are is noted also when that could not be written at first, though nothing has changed since', async () => {
    let refused = 0;
    const store: ScanStore = {
      load: () => Promise.resolve(scans),
      save: async (next) => {
        if (refused === 0 && Object.values(next.predicates).every(({ to }) => to >= 3)) {
          refused += 1;
          throw new Error('no room on the disk');
        }
        scans = next;
      },
    };
    await streaming(start({ scans: store }));
    for (let n = 1; n <= 3; n += 1) await node.mine(...contractsOf(DEPLOYER));
    await haveReached(3);
    expect(refused).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ reason: 'no room on the disk' }));
  });

  test('one that streamed and died unseen goes on from where it was, not from what the others have delivered since', async () => {
    await streaming(start());
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    await haveReached(5);
    const release = node.hold(ISSUER);
    for (let n = 6; n <= 20; n += 1) void node.mine(METADATA, ISSUER);
    await haveReached(20, ['passportx-badge-metadata']);
    node.end(ISSUER, 'unconfirmed_expiration');
    release();
    await until(() => node.posted.length === 10);
    const [issuer, ...others] = node.posted.slice(5).map(({ networks }) => networks.testnet?.start_block);
    expect([issuer, others[0]]).toEqual([2, 17]);
    await until(() => new Set(intake.seen).size === 20);
  });

  test('of one that does not tell how far it is, it is known where the others were when it was last seen alive', async () => {
    node.tellsReach = false;
    await streaming(start());
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    await haveReached(5);
    // Its deliveries go on while its API does not answer, but for those of one predicate.
    node.failing.add('GET /ping');
    await until(() => lines.some(({ reason }) => reason?.includes('GET /ping') === true));
    node.end(ISSUER, 'interrupted');
    for (let n = 6; n <= 20; n += 1) await node.mine(METADATA, ISSUER);
    node.failing.clear();
    await until(() => node.posted.length === 10);
    const [issuer, ...others] = node.posted.slice(5).map(({ networks }) => networks.testnet?.start_block);
    expect([issuer, ...others]).toEqual([2, 17, 17, 17, 17]);
  });

  test('a rescan that was not over begins there again, over a restart too, so that nothing of it is left out', async () => {
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    const restart = async (): Promise<void> => {
      await Promise.all(observers.splice(0).map((observer) => observer.close()));
      await streaming(start());
      await haveReached(node.blocks.length);
    };
    await restart();
    intake.rescanning = true;
    await restart();
    expect(scans.rescanFrom).toBe(2);
    for (let n = 6; n <= 15; n += 1) await node.mine(ISSUER);
    await haveReached(15);
    await restart();
    expect(intake.rescans).toEqual([2, 2]);
    expect(node.predicates.map(({ networks }) => networks.testnet?.start_block)).toEqual([2, 2, 2, 2, 2]);

    intake.rescanning = false;
    await until(() => scans.rescanFrom === undefined);
    await restart();
    expect(intake.rescans).toEqual([2, 2, 12]);
  });

  test('a rescan is over when the slowest predicate is past it', async () => {
    for (let n = 1; n <= 5; n += 1) await node.mine(ISSUER);
    const first = start();
    await streaming(first);
    await first.close();
    const release = node.hold(METADATA);
    const second = start();
    await until(() => statuses(second).includes('streaming'));
    expect(intake.isOver(5)).toBe(false);
    expect(intake.ends.at(-1)).toBe(false);
    release();
    await streaming(second);
    expect(intake.isOver(5)).toBe(true);
    expect(intake.ends.at(-1)).toBe(true);
  });

  test('what a scan skips is left out, and told of by no one: the observer goes on', async () => {
    for (let n = 1; n <= 4; n += 1) await node.mine(ISSUER);
    node.skipped.add(2);
    await streaming(start());
    expect(intake.seen).toEqual([1, 3, 4]);
  });

  test("the node's newest block is known from its predicates, or from the node itself where it tells", async () => {
    const observer = start();
    expect(observer.nodeTip()).toBeUndefined();
    await streaming(observer);
    for (let n = 1; n <= 3; n += 1) await node.mine();
    await until(() => observer.nodeTip() === 3);
    for (const contract of contractsOf(DEPLOYER)) node.hold(contract);
    void node.mine();
    node.tellsTip = true;
    await until(() => observer.nodeTip() === 4);
  });

  test('a node that forgot its predicates gets them again', async () => {
    const observer = start();
    await streaming(observer);
    node.forget();
    await until(() => node.posted.length === 10);
    await streaming(observer);
    expect(node.predicates).toHaveLength(5);
  });

  test('a node that is not there at the start is waited for, and found when it comes', async () => {
    const { port: nodePort } = new URL(node.url);
    await node.close();
    const observer = start();
    await until(() => lines.length > 0);
    expect(lines[0]).toMatchObject({
      msg: 'chainhook node: trying again',
      reason: `${node.url} is not reachable: ECONNREFUSED`,
    });
    expect(observer.predicates()).toHaveLength(5);
    expect(statuses(observer)).toEqual(['not registered']);
    node = await StandInNode.start(20, Number(nodePort));
    await streaming(observer);
    // One line for all the attempts, one for the success.
    expect(lines).toHaveLength(2);
  });

  test('a node that is tried for long costs no more than one that was tried once', async () => {
    const Controller = globalThis.AbortController;
    const made: AbortController[] = [];
    globalThis.AbortController = class extends Controller {
      constructor() {
        super();
        made.push(this);
      }
    };
    const told: Error[] = [];
    const onWarning = (warning: Error): void => void told.push(warning);
    process.on('warning', onWarning);
    /** What hangs on the signal that ends the observer, try by try, each time while the node is called. */
    const hanging: number[] = [];
    const gone = createServer((socket) => {
      const [ending] = made;
      hanging.push(ending === undefined ? NaN : getEventListeners(ending.signal, 'abort').length + dependants(ending));
      socket.destroy();
    });
    try {
      gone.listen(0, '127.0.0.1');
      await once(gone, 'listening');
      start({ nodeUrl: `http://127.0.0.1:${(gone.address() as AddressInfo).port}`, intervalMs: 2 });
      await until(() => hanging.length >= 20);
      expect(hanging).toEqual(hanging.map(() => 1));
      expect(told).toEqual([]);
    } finally {
      globalThis.AbortController = Controller;
      process.off('warning', onWarning);
      gone.close();
    }
  });

  test('a node that goes away for a while keeps its predicates', async () => {
    const { port: nodePort } = new URL(node.url);
    const observer = start();
    await streaming(observer);
    const { predicates } = node;
    await node.close();
    await until(() => statuses(observer).join() === 'node not reachable');
    node = await StandInNode.start(20, Number(nodePort));
    for (const predicate of predicates)
      await fetch(`${node.url}/v1/chainhooks`, { method: 'POST', body: JSON.stringify(predicate) });
    await streaming(observer);
    expect(node.posted).toHaveLength(5);
  });

  test('a predicate that the node cannot tell of is shown as such, and hides no other that is lost', async () => {
    const observer = start();
    await streaming(observer);
    for (let n = 1; n <= 2; n += 1) await node.mine(ISSUER);
    await haveReached(2);
    const [untold] = observer.predicates();
    node.failing.add(`GET /v1/chainhooks/${untold?.uuid}`);
    await until(() => statuses(observer).length > 1);
    for (let n = 3; n <= 5; n += 1) await node.mine(ISSUER, COMMUNITY);
    await haveReached(5, ['passportx-community-manager']);
    expect(observer.predicates().map(({ status }) => status)).toEqual([
      'not told by the node',
      ...Array<string>(4).fill('streaming'),
    ]);
    // How far it was is still known, and no more than that.
    expect([observer.predicates()[0], scans.predicates['passportx-badge-issuer']?.to]).toEqual([
      { ...untold, status: 'not told by the node', lastBlock: 2 },
      2,
    ]);
    expect(lines.filter(({ reason }) => reason?.endsWith('500: unable to read from database'))).toHaveLength(1);

    node.end(COMMUNITY, 'interrupted');
    await until(() => node.posted.length === 10);
    await streaming(observer);
  });

  test('a predicate that the node refuses is shown as unknown, and tried again', async () => {
    node.refused.add(METADATA);
    const observer = start();
    await until(() => statuses(observer).includes('unknown to the node'));
    expect(observer.predicates().find(({ status }) => status !== 'streaming')?.name).toBe('passportx-badge-metadata');
    node.refused.clear();
    await streaming(observer);
  });

  describe('a node that takes a registration and does not answer', () => {
    beforeEach(() => node.unanswered.add('POST /v1/chainhooks'));

    test('does not hold up the end, after which nothing is left on it', async () => {
      const observer = start();
      await until(() => node.posted.length === 1);
      await observer.close();
      expect(node.predicates).toEqual([]);
      expect(node.posted).toHaveLength(1);
    });

    test('is asked again after a while, and what it took until then is removed', async () => {
      const observer = start({ registrationMs: 200 });
      await until(() => node.posted.length >= 2);
      expect(lines[0]?.reason).toBe(`${node.url} did not register the predicates within 200 ms`);
      node.unanswered.clear();
      await streaming(observer);
      expect(node.predicates.map(({ uuid }) => uuid)).toEqual(observer.predicates().map(({ uuid }) => uuid));
    });
  });

  test('nothing is registered before the port is open; who is closed before that does not wait for it', async () => {
    let open: () => void = () => undefined;
    const portOpen = new Promise<void>((resolve) => (open = resolve));
    const [observer, closed] = [start({ portOpen }), start({ portOpen })];
    await closed.close();
    await sleep(100);
    expect(node.posted).toEqual([]);
    open();
    await streaming(observer);
  });

  test('can be closed at any time: before the node was found too', async () => {
    const observer = start({ nodeUrl: 'http://127.0.0.1:9' });
    await observer.close();
    await observer.close();
    expect(node.posted).toEqual([]);
  });

  test('only the service itself can read the directory, which holds the token', async () => {
    await streaming(start());
    expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
  });
});
