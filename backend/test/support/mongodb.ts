import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConnection } from 'mongoose';
import { withDatabase, withPort } from './mongoUri.js';
import { freePort } from './service.js';

/**
 * A MongoDB-protocol server for tests: `TEST_MONGODB_URI` if set, else one of our own, which is a mongod that
 * mongodb-memory-server has here, else the server of scripts/ci/mongodb.sh if it was built. Tests that kill it, or stand in
 * the way to it, have one of their own in any case. A mongod is a replica set of one, as majorities and change streams are
 * of replica sets; started here, as MongoMemoryReplSet starts none again on the data of one that was killed.
 */
// Tests and scripts run from the root of the repository, as npm and jest see to.
const LOCATE_MONGOD = resolve('backend/test/support/locateMongod.mjs');
const LOCATE_FERRETDB = resolve('scripts/ci/mongodb.sh');
const STARTED_WITHIN_MS = 20_000;

const REPLICA_SET = 'test';

interface Binary {
  readonly path: string;
  readonly args: (dir: string, port: number) => string[];
  /** Whether it is a member of a replica set, which is begun with its first start. */
  readonly isMember: boolean;
}

const uri = process.env['TEST_MONGODB_URI'];
const binary = findBinary();

/** Whether there is a server here, and whether there can be one of our own, to kill it. */
export const hasMongo = uri !== undefined || binary !== undefined;
export const hasOwnMongo = binary !== undefined;

/** One server, and a new database of it. Its data outlives a `kill`. */
export class TestMongo {
  #process: ChildProcess | undefined;

  private constructor(
    private readonly address: string,
    private readonly own: { readonly dir: string; readonly port: number } | undefined,
  ) {}

  static start(): Promise<TestMongo> {
    return uri === undefined ? TestMongo.startOwn() : Promise.resolve(new TestMongo(uri, undefined));
  }

  /** One that may be killed. */
  static async startOwn(): Promise<TestMongo> {
    const dir = await mkdtemp(join(tmpdir(), 'passportx-mongo-'));
    const port = await freePort();
    // Direct: a set would be asked at the addresses of its members, and not through a proxy.
    const server = new TestMongo(`mongodb://127.0.0.1:${port}/?directConnection=true`, { dir, port });
    await server.restart();
    return server;
  }

  /** TCP port of a server of our own. */
  get port(): number {
    if (this.own === undefined) throw new Error('the server of TEST_MONGODB_URI is not ours');
    return this.own.port;
  }

  /** Where a database of that name is; `port` in place of the server's own leads through a proxy. */
  uri(database: string, port?: number): string {
    const address = withDatabase(this.address, database);
    return port === undefined ? address : withPort(address, port);
  }

  /** Removes the database of a `uri`. */
  async drop(databaseUri: string): Promise<void> {
    const connection = await createConnection(databaseUri).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }

  /** Starts the server again on its data and port. Resolves when it takes connections. */
  async restart(): Promise<void> {
    if (this.own === undefined || binary === undefined) throw new Error('the server of TEST_MONGODB_URI is not ours');
    const { dir, port } = this.own;
    const child = spawn(binary.path, binary.args(dir, port), { cwd: dir, stdio: 'ignore' });
    this.#process = child;
    const deadline = Date.now() + STARTED_WITHIN_MS;
    while (!(await accepts(port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${binary.path} did not start`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    if (binary.isMember) await this.#becomePrimary(deadline);
  }

  /** Begins the replica set if there is none yet, and waits until its only member takes writes. */
  async #becomePrimary(deadline: number): Promise<void> {
    const connection = await createConnection(this.uri('admin')).asPromise();
    try {
      const config = { _id: REPLICA_SET, members: [{ _id: 0, host: `127.0.0.1:${this.port}` }] };
      await connection.db?.command({ replSetInitiate: config }).catch((error: unknown) => {
        if (!(error instanceof Error && 'codeName' in error && error.codeName === 'AlreadyInitialized')) throw error;
      });
      while ((await connection.db?.command({ hello: 1 }))?.['isWritablePrimary'] !== true) {
        if (Date.now() > deadline) throw new Error('the replica set has no primary');
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    } finally {
      await connection.close();
    }
  }

  /** Sends SIGKILL and waits for the end. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends a server of our own, and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    if (this.own !== undefined) await rm(this.own.dir, { recursive: true, force: true });
  }
}

function findBinary(): Binary | undefined {
  const mongod = outputOf(process.execPath, [LOCATE_MONGOD]);
  if (mongod !== '')
    return {
      path: mongod,
      isMember: true,
      args: (dir, port) => [
        ...['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
        ...['--replSet', REPLICA_SET],
      ],
    };
  const ferretdb = outputOf('bash', [LOCATE_FERRETDB, '--installed']);
  return ferretdb === '' ? undefined : { path: ferretdb, args: (dir, port) => [dir, String(port)], isMember: false };
}

/** What a command prints, nothing if it fails. */
function outputOf(command: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return status === 0 ? stdout.trim() : '';
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
