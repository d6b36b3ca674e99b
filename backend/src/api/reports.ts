import { Type } from '@sinclair/typebox';
import { ReportJob, ReportRequest } from '../contract/index.js';
import { SMALL_BODY } from './body.js';
import { notFound } from './problem.js';
import { filtersOf } from './query.js';
import { rangeOf } from './range.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/**
 * Reports of a period as PDF: asked for, looked after, fetched. They are drawn and kept by the process that writes, so that
 * whoever looks after one finds it, whichever process is asked.
 */
const JobParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) });

export function reportRoutes(
  { reports, clock }: Pick<Services, 'reports' | 'clock'>,
  disabled: string | undefined,
): Route[] {
  const common = { access: 'viewer', tag: 'reports', writes: 'again', disabled } as const;
  const unknown = (id: string) =>
    notFound(`There is no report ${id}; one is forgotten an hour after it was asked for.`);
  return [
    route({
      ...common,
      method: 'post',
      path: '/api/reports',
      summary: 'Ask for a report of a period',
      description:
        'Without `from` and `to`: the last 30 days. With `filters`: only what they let through, and said on the cover. ' +
        'Asked for again before anything new is folded: the same job.',
      body: { schema: ReportRequest, limit: SMALL_BODY },
      outcomes: { 202: { description: '`Location` is where to look after it', schema: ReportJob } },
      problems: [503],
      handle: ({ body }) => {
        const job = reports.create({ range: rangeOf(body, clock()), filters: filtersOf(body.filters ?? {}) });
        return { ...json(202, job), headers: { Location: `/api/reports/${job.id}` } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/reports/:id',
      summary: 'How far a report is',
      params: JobParams,
      outcomes: { 200: { description: '`file` is set once it is done', schema: ReportJob } },
      problems: [404],
      handle: ({ params }) => {
        const job = reports.get(params.id);
        if (job === undefined) throw unknown(params.id);
        return json(200, job);
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/reports/:id/file',
      summary: 'The PDF of a report that is done',
      params: JobParams,
      outcomes: { 200: { description: 'To be saved under the name of its days', type: 'application/pdf' } },
      problems: [404],
      handle: ({ params }) => {
        const [job, body] = [reports.get(params.id), reports.file(params.id)];
        if (job === undefined) throw unknown(params.id);
        if (body === undefined) throw notFound(`The report ${params.id} is not done: it is ${job.status}.`);
        const name = `passportx-report-${job.from}-to-${job.to}.pdf`;
        return {
          status: 200,
          type: 'application/pdf',
          body,
          headers: { 'Content-Disposition': `attachment; filename="${name}"` },
        };
      },
    }),
  ];
}
