import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Aggregated, QueryAnswer, ReportJob } from '../src/contract/index.js';
import { block, DEPLOYER, badgeMinted, payload, principal, print, tx } from './support/payloads.js';
import { TestService, TOKENS } from './support/service.js';

/** A report of the built service, asked for, waited for and read as a reader of PDFs reads it: its numbers are the API's. */
let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
});
afterAll(() => service.stop());

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(service.url + path, {
    ...init,
    headers: { authorization: `Bearer ${TOKENS.viewer}`, 'content-type': 'application/json' },
  });
const ask = (body: object): Promise<Response> => call('/api/reports', { method: 'POST', body: JSON.stringify(body) });

/** One text a page. */
function textOf(pdf: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const script = join('backend', 'test', 'support', 'pdfText.mjs');
    const reading = execFile(process.execPath, [script], (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout) as string[]) : reject(error),
    );
    reading.stdin?.end(pdf);
  });
}

async function done(location: string): Promise<ReportJob> {
  for (;;) {
    const job = await service.read<ReportJob>(location);
    if (job.status === 'done') return job;
    if (job.status === 'failed') throw new Error(`the report failed: ${service.output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const number = (value: number): string => new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }).format(value);

async function pagesOf({ file }: ReportJob): Promise<string[]> {
  return textOf(Buffer.from(await (await call(file ?? '')).arrayBuffer()));
}

it('says what the API says of the same days', async () => {
  for (let height = 1; height <= 25; height += 1) {
    const minted = block(height, [tx(`mint ${height}`, [badgeMinted(height)])]);
    await service.deliver(payload('raw', { apply: [minted] }));
  }
  // Blocks of tests are ten minutes apart, from 1 January 2026 on.
  const range = { from: '2025-12-20', to: '2026-01-03' };
  let api: Aggregated;
  do api = await service.read<Aggregated>(`/api/analytics/aggregated?from=${range.from}&to=${range.to}`);
  while (api.metrics.totalBadgesIssued < 25);

  const asked = await ask(range);
  expect(asked.status).toBe(202);
  const location = asked.headers.get('location') ?? '';
  expect(await asked.json()).toMatchObject({ ...range, file: null });
  const job = await done(location);
  expect(job).toMatchObject({ progress: 100, seq: api.seq, file: `${location}/file` });
  // Asked for again, it is not drawn again.
  expect((await ask(range)).headers.get('location')).toBe(location);

  const file = await call(job.file ?? '');
  expect(file.headers.get('content-type')).toBe('application/pdf');
  expect(file.headers.get('content-disposition')).toContain('passportx-report-2025-12-20-to-2026-01-03.pdf');
  const pages = await textOf(Buffer.from(await file.arrayBuffer()));
  const [cover = '', headline = ''] = pages;
  const whole = pages.join('\n');
  expect(cover).toContain('20 December 2025 to 3 January 2026');
  const labels = {
    ...{ badgesIssued: 'Badges issued', badgesRevoked: 'Badges revoked', newUsers: 'New users' },
    ...{ activeUsers: 'Active users', newCommunities: 'New communities', newMembers: 'New members' },
  };
  expect(api.headline).toHaveLength(Object.keys(labels).length);
  // Each card holds its own number: the same digits elsewhere on the page do not do.
  for (const { metric, value, previous } of api.headline)
    expect(headline).toMatch(new RegExp(`${labels[metric]}\\s+${number(value)}\\s+before: ${number(previous)}\\b`));
  expect(headline).toContain(`${number(api.metrics.engagementRate)} %`);
  expect(headline).toContain(`${number(api.metrics.averageBadgesPerUser)} badges each`);
  expect(api.distribution.topBadges.length).toBeGreaterThan(0);
  for (const { badgeName, issuedCount } of api.distribution.topBadges) {
    expect(whole).toContain(badgeName);
    expect(whole).toContain(number(issuedCount));
  }
  for (const { issuer } of api.distribution.badgesByIssuer) expect(whole).toContain(issuer);
  for (const { category, count, percentage } of api.distribution.byCategory) {
    expect(whole).toContain(category);
    expect(whole).toContain(`${number(count)} · ${number(percentage)} %`);
  }
});

it('is of what its filters let through, names them on the cover, and says what the query call says of the same', async () => {
  const template = print('template-created', {
    ...{ 'template-id': 2, name: 'Node Operator', description: '', category: 'infra', 'default-level': 1 },
    creator: principal('issuer'),
  });
  const of = (who: string, level: number, issuer: string) =>
    ({ 'template-id': 2, category: 'infra', level, recipient: principal(who), issuer: principal(issuer) }) as const;
  const mints = [of('alice', 1, 'issuer'), of('bob', 2, 'issuer'), of('carol', 2, 'other'), of('alice', 2, 'issuer')];
  const printed = mints.map((fields, index) => badgeMinted(101 + index, fields));
  await service.deliver(payload('raw', { apply: [block(26, [tx('infra', [template, ...printed])])] }));

  const range = { from: '2025-12-20', to: '2026-01-03' };
  const query = async (more: string): Promise<QueryAnswer> => {
    const days = `from=${range.from}&to=${range.to}&badge=2&level=1&level=2&compare=previous`;
    return service.read<QueryAnswer>(`/api/analytics/query?${days}&interval=total&${more}`);
  };
  let issued: QueryAnswer;
  do issued = await query('metric=badgesIssued');
  while (issued.total < mints.length);
  const everything = await service.read<QueryAnswer>(
    `/api/analytics/query?metric=badgesIssued&interval=total&from=${range.from}&to=${range.to}`,
  );

  const asked = await ask({ ...range, filters: { level: [2, 1, 2], badge: ['2'] } });
  const job = await done(asked.headers.get('location') ?? '');
  expect(job).toMatchObject({ ...range, filters: { badge: ['2'], level: [1, 2] }, seq: issued.seq });
  const [cover = '', headline = '', ...rest] = await pagesOf(job);
  const tables = rest.join('\n');
  expect(cover).toContain('Badge: Node Operator');
  expect(cover).toContain('Level: 1 or 2');
  expect(cover).toMatch(new RegExp(`\\b${number(issued.total)}\\s+Badges issued`));
  for (const [metric, label] of [
    ['badgesIssued', 'Badges issued'],
    ['activeUsers', 'Active users'],
    ['activeIssuers', 'Active issuers'],
    ['badgesRevoked', 'Badges revoked'],
  ]) {
    const { total, previous } = await query(`metric=${metric}`);
    expect(headline).toMatch(new RegExp(`${label}\\s+${number(total)}\\s+before: ${number(previous?.total ?? -1)}\\b`));
  }
  // Members have no level: their number is left out rather than shown unfiltered.
  expect(headline).not.toContain('New members');
  expect([everything.total, issued.total]).toEqual([25 + mints.length, mints.length]);
  for (const by of ['issuer', 'user'] as const) {
    const { series } = await query(`metric=badgesIssued&groupBy=${by}`);
    expect(series.length).toBeGreaterThan(1);
    for (const { name, total } of series) expect(tables).toMatch(new RegExp(`${name}\\s+${number(total)}\\b`));
  }

  const refused = await ask({ ...range, filters: { colour: ['red'] } });
  expect([refused.status, await refused.json()]).toMatchObject([400, { errors: [{ field: 'filters.colour' }] }]);
});

it('draws ten years, and refuses more, days that run backwards, and a report that nobody asked for', async () => {
  const long = await ask({ from: '2017-01-01', to: '2026-01-03' });
  const job = await done(long.headers.get('location') ?? '');
  const pages = await pagesOf(job);
  expect(pages[1]).toContain('by month');
  for (const [body, field] of [
    [{ from: '2000-01-01', to: '2026-01-01' }, 'from'],
    [{ from: '2026-01-02', to: '2026-01-01' }, 'from'],
    [{ from: 'yesterday' }, 'from'],
    [{ days: 7 }, 'days'],
  ] as const) {
    const refused = await ask(body);
    expect([refused.status, await refused.json()]).toMatchObject([400, { errors: [{ field }] }]);
  }
  expect((await call('/api/reports/none')).status).toBe(404);
  expect((await call('/api/reports/none/file')).status).toBe(404);
});
