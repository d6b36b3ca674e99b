import { Type, type Static, type TSchema } from '@sinclair/typebox';

/**
 * Building blocks of every message. The schemas of this folder are the contract of the service: they validate what
 * comes in, give TypeScript its types, and are printed as OpenAPI 3.1. Fields are only ever added.
 */

/** A schema that may also be null. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A non-negative whole number. */
export const Count = Type.Integer({ minimum: 0 });
/** A number with at most two decimals: a rate, a percentage or an average. */
export const Rate = Type.Number({ description: 'Rounded to two decimals' });
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
export const Day = Type.String({ format: 'date', description: 'A UTC day, YYYY-MM-DD' });
export const Seq = Type.Integer({ minimum: 0, description: 'Position in the log that the answer includes' });

export const DayCount = Type.Object({ date: Day, count: Count });
export type DayCount = Static<typeof DayCount>;

export const PARTS = ['issuance', 'community', 'users', 'distribution'] as const;
export type Part = (typeof PARTS)[number];
export const PartName = Type.Union(PARTS.map((part) => Type.Literal(part)));
