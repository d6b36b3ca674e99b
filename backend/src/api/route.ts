import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { Request } from 'express';
import type { Access } from './auth.js';
import type { BodyLimit } from './body.js';
import { checkBody, checkText } from './validate.js';

/**
 * A call, declared once: the same declaration says who may make it, checks what comes in, gives the handler its types and
 * is printed as OpenAPI. `server.ts` mounts it, `openapi.ts` prints it.
 */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Media type of `body`; JSON when left out. */
  readonly type?: string;
  /** Already serialised; bytes where the same answer is sent many times. */
  readonly body?: string | Buffer;
}

/** What a status means; without a schema it has no JSON body. */
export interface Outcome {
  readonly description: string;
  readonly schema?: TSchema;
  /** Media type; JSON when left out. */
  readonly type?: string;
}

interface Declared {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With Express' `:name` for parameters. */
  readonly path: string;
  readonly access: Access;
  /**
   * Whether the call is for the writer, wherever it is made: `again` may be made twice with the effect of once, and is
   * when it is not known whether it was done; `once` may not.
   */
  readonly writes?: 'again' | 'once';
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly outcomes: Readonly<Record<number, Outcome>>;
  /** Statuses of problems beyond those that follow from access, parameters and body. */
  readonly problems?: readonly number[];
  /** Why the call cannot be answered as the service is set up: it is refused with 503. */
  readonly disabled?: string | undefined;
}

interface Input<P extends TObject, Q extends TObject, B extends TSchema, H extends TObject> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
  readonly headers: Static<H>;
  readonly request: Request;
}

interface Declaration<P extends TObject, Q extends TObject, B extends TSchema, H extends TObject> extends Declared {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: { readonly schema: B; readonly limit: BodyLimit };
  /** By name in lower case; others are not looked at. */
  readonly headers?: H;
  readonly handle: (input: Input<P, Q, B, H>) => Answer | Promise<Answer>;
}

/** A declaration whose types have done their work. */
export interface Route extends Declared {
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: { readonly schema: TSchema; readonly limit: BodyLimit };
  readonly headers?: TObject;
  /** Checks a request whose body was read, then answers it. @throws {HttpProblem} 400 */
  readonly respond: (request: Request) => Promise<Answer>;
}

type NoFields = TObject<Record<never, TSchema>>;

export function route<
  P extends TObject = NoFields,
  Q extends TObject = NoFields,
  B extends TSchema = NoFields,
  H extends TObject = NoFields,
>(declaration: Declaration<P, Q, B, H>): Route {
  const { params, query, body, headers, handle, ...declared } = declaration;
  const checkParams = params && checkText(params);
  const checkQuery = query && checkText(query);
  const checkContent = body && checkBody(body.schema);
  const checkHeaders = headers && checkText(headers);
  return {
    ...declared,
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body }),
    ...(headers && { headers }),
    respond: async (request) =>
      handle({
        params: checkParams?.(request.params) as Static<P>,
        query: checkQuery?.(request.query) as Static<Q>,
        headers: checkHeaders?.(request.headers) as Static<H>,
        body: checkContent?.(request.body) as Static<B>,
        request,
      }),
  };
}

export function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) };
}
