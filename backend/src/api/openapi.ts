import type { TObject, TSchema } from '@sinclair/typebox';
import * as contract from '../contract/index.js';
import type { Outcome, Route } from './route.js';
import { PROBLEM_TYPE } from './problem.js';

/**
 * The routes as an OpenAPI 3.1 document. It is printed from the declarations that check and answer the calls, so it cannot
 * say anything else than they do. Schemas of the contract appear once, under their own names.
 */
const VERSION = '1.0.0';

type Json = Record<string, unknown>;

const PROBLEM_MEANINGS: Readonly<Record<number, string>> = {
  400: 'A parameter or the body is wrong; `errors` names each field and what it may be',
  401: 'No token, or one that is not known',
  403: 'A known token of another role, or a page of another site',
  404: 'There is no such thing',
  409: 'It does not fit what is there; the detail says why',
  412: 'It has changed since; `ETag` is the revision it is at now',
  413: 'The body is over the limit, which is named',
  428: 'If-Match is needed: the revision that the change was made from',
  429: 'Too many wrong tokens or writes; see Retry-After',
  503: 'Not now; see Retry-After',
};

export function openApiDocument(routes: readonly Route[]): Json {
  const schemas = new Components();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'PassportX Analytics',
      version: VERSION,
      description:
        'Times are ISO 8601 in UTC. Ids are strings. Errors are RFC 9457 problem details. ' +
        'An admin may do what a viewer may; `x-access` of an operation says whom it is for.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: schemas.printed,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'passportx_session' },
      },
    },
  };
}

function operation(route: Route, schemas: Components): Json {
  const { access, body } = route;
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    'x-access': access,
    security: access === 'open' ? [] : access === 'chainhook' ? [{ token: [] }] : [{ token: [] }, { session: [] }],
    parameters: [
      ...parameters('path', route.params, schemas),
      ...parameters('query', route.query, schemas),
      ...parameters('header', route.headers, schemas),
    ],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemas.print(body.schema) } } },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.outcomes).map(([status, outcome]) => [status, answer(outcome, schemas)]),
      ),
      ...Object.fromEntries(problemsOf(route).map((status) => [status, problem(status, schemas)])),
    },
  };
}

/** `GET /api/analytics/trends/:metric` → `getAnalyticsTrendsMetric`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-z0-9]+/i).filter((word) => word !== '' && word !== 'api');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** What follows from the declaration: who may call, and what it takes. */
function problemsOf(route: Route): number[] {
  const found = new Set(route.problems);
  if (route.params || route.query || route.body || route.headers) found.add(400);
  if (route.body) found.add(413);
  if (route.access !== 'open') found.add(401).add(403).add(503);
  if (route.access === 'viewer' || route.access === 'admin') found.add(429);
  return [...found].sort((a, b) => a - b);
}

function parameters(where: 'path' | 'query' | 'header', fields: TObject | undefined, schemas: Components): Json[] {
  return Object.entries(fields?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || (fields?.required?.includes(name) === true && schema.default === undefined),
    schema: schemas.print(schema),
  }));
}

function answer({ description, schema, type }: Outcome, schemas: Components): Json {
  if (schema === undefined && type === undefined) return { description };
  const content = schema ? { schema: schemas.print(schema) } : {};
  return { description, content: { [type ?? 'application/json']: content } };
}

function problem(status: number, schemas: Components): Json {
  const content = { [PROBLEM_TYPE]: { schema: schemas.print(contract.Problem) } };
  return { description: PROBLEM_MEANINGS[status] ?? 'A problem', content };
}

/** Prints schemas, with a reference in place of each that the contract names. */
class Components {
  readonly printed: Json = {};
  readonly #names = new Map<unknown, string>();

  constructor() {
    for (const [name, value] of Object.entries(contract)) if (isObjectSchema(value)) this.#names.set(value, name);
  }

  print(schema: unknown): unknown {
    const name = this.#names.get(schema);
    if (name === undefined) return this.#inside(schema);
    if (!(name in this.printed)) {
      this.printed[name] = undefined;
      this.printed[name] = this.#inside(schema);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #inside(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((item) => this.print(item));
    if (typeof schema !== 'object' || schema === null) return schema;
    const choices = constantsOf(schema);
    if (choices !== undefined) return choices;
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, this.print(value)]));
  }
}

function isObjectSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'object';
}

/** A union of constants as the `enum` that readers of such documents expect. */
function constantsOf(schema: object): Json | undefined {
  const { anyOf, ...rest } = schema as TSchema & { anyOf?: TSchema[] };
  if (!Array.isArray(anyOf) || !anyOf.every((option) => typeof option['const'] === 'string')) return undefined;
  return { ...rest, type: 'string', enum: anyOf.map((option) => option['const'] as unknown) };
}
