import { Kind, OptionalKind, type TObject, type TSchema } from '@sinclair/typebox';
import { ValueErrorType, type ValueError } from '@sinclair/typebox/compiler';
import type { FieldError } from './problem.js';

/** What is wrong with an input and what it may be, in words taken from its schema. Fields inside are named as paths. */

/** A text that is wrong in more places than this is not mended by reading on. */
const MAX_ERRORS = 20;

/** Each wrong field of a JSON body once, the first `MAX_ERRORS` of them. */
export function wrongInBody(schema: TSchema, errors: Iterable<ValueError>): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const error of errors)
    for (const wrong of wrongIn(schema, error)) {
      if (!found.has(wrong.field)) found.set(wrong.field, wrong);
      if (found.size === MAX_ERRORS) return [...found.values()];
    }
  return [...found.values()];
}

function wrongIn(root: TSchema, error: ValueError): FieldError[] {
  const { type, schema, path, value } = error;
  const field = fieldOf(path);
  if (type === ValueErrorType.ObjectAdditionalProperties) return [{ field, message: unknownIn(schema) }];
  const kinds = type === ValueErrorType.Union ? kindsOf(schema) : undefined;
  if (kinds === undefined) return [{ field, message: `must be ${expected(field === 'body' ? root : schema, 'body')}` }];
  // Of several shapes the one that it says it is; what is wrong with it as any other helps nobody.
  const { tag, variants } = kinds;
  const said = (value as Record<string, unknown> | null)?.[tag];
  const index = variants.findIndex((names) => names.includes(said));
  if (index >= 0) return [...(error.errors[index] ?? [])].flatMap((inner) => wrongIn(root, inner));
  return [{ field: fieldOf(`${path}/${tag}`), message: `must be one of ${variants.flat().join(', ')}` }];
}

/** `/widgets/3/title` → `widgets[3].title`. */
function fieldOf(path: string): string {
  const [first, ...rest] = path.split('/').slice(1);
  return (first ?? 'body') + rest.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
}

interface Kinds {
  /** The field that tells the shapes apart. */
  readonly tag: string;
  /** What it may be in each. */
  readonly variants: readonly (readonly unknown[])[];
}

/** Undefined when it is no union of objects that a field of constants tells apart. */
function kindsOf({ anyOf }: TSchema): Kinds | undefined {
  const objects = (anyOf as readonly Partial<TObject>[]).map(({ properties = {} }) => properties);
  const tag = Object.keys(objects[0] ?? {}).find((key) =>
    objects.every((properties) => constantsOf(properties[key]).length > 0),
  );
  return tag === undefined ? undefined : { tag, variants: objects.map((properties) => constantsOf(properties[tag])) };
}

/** The constants that a schema allows; empty when it allows more. */
function constantsOf(schema: TSchema | undefined): unknown[] {
  const options = (schema?.['anyOf'] as readonly TSchema[] | undefined) ?? (schema === undefined ? [] : [schema]);
  return options.every((option) => option['const'] !== undefined) ? options.map((option) => option['const']) : [];
}

/** What a value of this schema is: `one of hourly, daily, weekly`, `a whole number from 1 to 1000`. */
export function expected(schema: TSchema, place: 'parameter' | 'body'): string {
  const options: unknown = schema['anyOf'];
  if (Array.isArray(options)) return anyOf(options as TSchema[], place);
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  switch (schema[Kind]) {
    case 'Null':
      return 'null';
    case 'Boolean':
      return 'true or false';
    case 'Literal':
      return String(schema['const']);
    case 'Integer':
      return `a whole number from ${String(minimum)} to ${String(maximum)}`;
    case 'Number':
      return `a number from ${String(minimum)} to ${String(maximum)}`;
    case 'String':
      if (schema['format'] === 'date') return 'a day such as 2026-02-14';
      if (schema['format'] === 'date-time') return 'a time such as 2026-02-14T12:00:00Z';
      if (schema['pattern'] !== undefined && schema.description !== undefined) return `text: ${schema.description}`;
      return `text of 1 to ${String(schema['maxLength'])} characters${place === 'parameter' ? ', given once' : ''}`;
    case 'Array': {
      const [one, most] = [schema['items'] as TSchema, String(schema['maxItems'])];
      if (place === 'body') return `a list of ${String(schema['minItems'] ?? 0)} to ${most} items`;
      return `${expected(one, 'body')}, given at most ${most} times`;
    }
    default:
      return `an object with ${fieldNames(schema)}`;
  }
}

/** Constants as a list, other kinds by what each is. */
function anyOf(options: readonly TSchema[], place: 'parameter' | 'body'): string {
  if (options.every((option) => 'const' in option))
    return `one of ${options.map((option) => String(option['const'])).join(', ')}`;
  return options.map((option) => expected(option, place)).join(' or ');
}

export const unknownIn = (schema: TSchema): string => `is not known: the fields are ${fieldNames(schema)}`;

function fieldNames(schema: TSchema): string {
  return Object.entries((schema as TObject).properties)
    .map(([name, property]) => (OptionalKind in property ? `${name} (optional)` : name))
    .join(', ');
}
