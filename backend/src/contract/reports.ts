import { Type, type Static } from '@sinclair/typebox';
import { FilterQuery, QueryFilters } from './query.js';
import { Day, Nullable, Seq, Timestamp } from './primitives.js';

/** A report of a period as a PDF: asked for, made beside everything else, fetched, and forgotten after an hour. */
export const REPORT_STATUSES = ['waiting', 'running', 'done', 'failed'] as const;

export const ReportRequest = Type.Object(
  {
    from: Type.Optional(Type.String({ format: 'date', description: 'First day (UTC); default: 29 days before `to`' })),
    to: Type.Optional(Type.String({ format: 'date', description: 'Last day (UTC), included; default: today' })),
    filters: Type.Optional(
      Type.Object(FilterQuery.properties, {
        additionalProperties: false,
        description: 'As those of the query call; a number that they do not apply to is left out of the report',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ReportRequest = Static<typeof ReportRequest>;

export const ReportJob = Type.Object({
  id: Type.String(),
  from: Day,
  to: Day,
  filters: QueryFilters,
  status: Type.Union(REPORT_STATUSES.map((status) => Type.Literal(status))),
  progress: Type.Integer({ minimum: 0, maximum: 100, description: 'In %' }),
  step: Type.String({ description: 'What is being done, for a person' }),
  seq: Nullable(Seq),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  file: Nullable(Type.String({ description: 'Path of the PDF once it is done' })),
});
export type ReportJob = Static<typeof ReportJob>;
