import { FormatRegistry, Kind, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler, type ValueError } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { parseDate } from '../analyzers/calendar.js';
import { expected, unknownIn, wrongInBody } from './expected.js';
import { badRequest, type FieldError } from './problem.js';

/**
 * Checks input against the same schema that the OpenAPI document shows. A refusal names every field that is wrong and
 * what it may be, in words taken from the schema, so that the message cannot differ from the rule.
 */

FormatRegistry.Set('date', (text) => parseDate(text) !== undefined);
FormatRegistry.Set('date-time', (text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)));

/** Checks and completes (defaults) an object. @throws {HttpProblem} 400 with `errors`. */
export type Check<S extends TSchema> = (input: unknown) => Static<S>;

/** For a JSON body: types must be right already. */
export const checkBody = <S extends TSchema>(schema: S): Check<S> =>
  checkWith(schema, (errors) => wrongInBody(schema, errors));

function checkWith<S extends TSchema>(schema: S, wrong: (errors: Iterable<ValueError>) => FieldError[]): Check<S> {
  const compiled = TypeCompiler.Compile(schema);
  const hasDefaults = JSON.stringify(schema).includes('"default":');
  return (input) => {
    const value = hasDefaults ? Value.Default(schema, input) : input;
    if (compiled.Check(value)) return value;
    throw badRequest(wrong(compiled.Errors(value)));
  };
}

/**
 * For query strings and path parameters: whole numbers are read from their digits, and a parameter that is there but
 * empty (`type=`) is one that was not given.
 */
export function checkText<S extends TObject>(schema: S): Check<S> {
  const check = checkWith(schema, (errors) => wrongParameters(schema, errors));
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

function wrongParameters(schema: TObject, errors: Iterable<ValueError>): FieldError[] {
  const fields = new Set([...errors].map(({ path }) => path.split('/')[1] ?? ''));
  return [...fields].map((field) => {
    const parameter = schema.properties[field];
    const message = parameter ? `must be ${expected(parameter, 'parameter')}` : unknownIn(schema);
    return { field, message };
  });
}
