import { FormatRegistry, Kind, OptionalKind, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { parseDate } from '../analyzers/calendar.js';
import { badRequest } from './problem.js';

/**
 * Checks input against the same schema that the OpenAPI document shows. A refusal names every field that is wrong and
 * what it may be, in words taken from the schema, so that the message cannot differ from the rule.
 */

FormatRegistry.Set('date', (text) => parseDate(text) !== undefined);
FormatRegistry.Set('date-time', (text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)));

/** Checks and completes (defaults) an object. @throws {HttpProblem} 400 with `errors`. */
export type Check<S extends TSchema> = (input: unknown) => Static<S>;

/** For a JSON body: types must be right already. */
export function checkBody<S extends TSchema>(schema: S): Check<S> {
  const compiled = TypeCompiler.Compile(schema);
  return (input) => {
    const value = Value.Default(schema, input);
    if (compiled.Check(value)) return value;
    throw badRequest(wrongFields(schema, [...compiled.Errors(value)]));
  };
}

/**
 * For query strings and path parameters: whole numbers are read from their digits, and a parameter that is there but
 * empty (`type=`) is one that was not given.
 */
export function checkText<S extends TObject>(schema: S): Check<S> {
  const check = checkBody(schema);
  return (input) => {
    const given = Object.entries(input as Record<string, unknown>).filter(([, text]) => text !== '');
    return check(Object.fromEntries(given.map(([name, text]) => [name, fromText(schema.properties[name], text)])));
  };
}

/** A list is one parameter given several times, or once. */
function fromText(schema: TSchema | undefined, text: unknown): unknown {
  if (schema?.[Kind] !== 'Array') return numberFrom(schema, text);
  return (Array.isArray(text) ? text : [text]).map((item: unknown) => numberFrom(schema['items'] as TSchema, item));
}

/** TypeBox' own conversion would read `1.5` and `12abc` as whole numbers. */
function numberFrom(schema: TSchema | undefined, text: unknown): unknown {
  return schema?.[Kind] === 'Integer' && typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function wrongFields(schema: TSchema, errors: readonly { path: string }[]): { field: string; message: string }[] {
  const fields = new Set(errors.map(({ path }) => path.split('/')[1] ?? 'body'));
  const properties = (schema as Partial<TObject>).properties ?? {};
  return [...fields].map((field) => ({ field, message: refusal(field, properties[field], schema) }));
}

function refusal(field: string, property: TSchema | undefined, schema: TSchema): string {
  if (property !== undefined) return `must be ${expected(property)}`;
  return field === 'body' ? `must be ${expected(schema)}` : `is not known: the fields are ${fieldNames(schema)}`;
}

/** What a value of this schema is, in words: `one of hourly, daily, weekly`, `a whole number from 1 to 1000`. */
function expected(schema: TSchema): string {
  const options: unknown = schema['anyOf'];
  if (Array.isArray(options)) return anyOf(options as TSchema[]);
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  switch (schema[Kind]) {
    case 'Null':
      return 'null';
    case 'Boolean':
      return 'true or false';
    case 'Integer':
      return `a whole number from ${String(minimum)} to ${String(maximum)}`;
    case 'Number':
      return `a number from ${String(minimum)} to ${String(maximum)}`;
    case 'String':
      if (schema['format'] === 'date') return 'a day such as 2026-02-14';
      if (schema['format'] === 'date-time') return 'a time such as 2026-02-14T12:00:00Z';
      if (schema['pattern'] !== undefined && schema.description !== undefined) return `text: ${schema.description}`;
      return `text of 1 to ${String(schema['maxLength'])} characters, given once`;
    case 'Array': {
      const [one, most] = [schema['items'] as TSchema, String(schema['maxItems'])];
      return `${one[Kind] === 'String' ? `text of 1 to ${String(one['maxLength'])} characters` : expected(one)}, given at most ${most} times`;
    }
    default:
      return `an object with ${fieldNames(schema)}`;
  }
}

/** Constants as a list, other kinds by what each is. */
function anyOf(options: readonly TSchema[]): string {
  if (options.every((option) => 'const' in option))
    return `one of ${options.map((option) => String(option['const'])).join(', ')}`;
  return options.map(expected).join(' or ');
}

function fieldNames(schema: TSchema): string {
  return Object.entries((schema as TObject).properties)
    .map(([name, property]) => (OptionalKind in property ? `${name} (optional)` : name))
    .join(', ');
}
