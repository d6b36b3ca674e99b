import { ConfigError } from '../config.js';
import { LogUnavailableError } from '../log/log.js';
import { ReadModelError } from './readModel.js';

/**
 * Calls between two threads over one port, both ways: a name and arguments there, a value or an error back. What is
 * passed is copied (structured clone); errors keep name, message and stack, and those that have a meaning their class.
 */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: Message) => void): unknown;
}

/** What the other side may call, by name. */
export type Handlers = Record<string, (...args: never[]) => unknown>;

/** The handlers of the other side, as they look from here. */
export type Remote<H extends Handlers> = {
  readonly [Name in keyof H]: (...args: Parameters<H[Name]>) => Promise<Awaited<ReturnType<H[Name]>>>;
};

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: PlainError };

interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

interface UnderWay {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const KNOWN_ERRORS = { ConfigError, LogUnavailableError, ReadModelError, RangeError, TypeError } as const;

/** @param handlers what the other side may call here. @returns what may be called there. */
export function joinThreads<Theirs extends Handlers>(port: Port, handlers: Handlers): Remote<Theirs> {
  const underWay = new Map<number, UnderWay>();
  let calls = 0;

  const answer = async (id: number, name: string, args: readonly unknown[]): Promise<void> => {
    try {
      const handler = handlers[name] as ((...args: readonly unknown[]) => unknown) | undefined;
      if (handler === undefined) throw new TypeError(`the other thread has no ${name}`);
      port.postMessage({ kind: 'value', id, value: await handler(...args) } satisfies Message);
    } catch (error) {
      port.postMessage({ kind: 'error', id, error: plain(error) } satisfies Message);
    }
  };
  port.on('message', (message) => {
    if (message.kind === 'call') {
      void answer(message.id, message.name, message.args);
      return;
    }
    const call = underWay.get(message.id);
    underWay.delete(message.id);
    if (message.kind === 'value') call?.resolve(message.value);
    else call?.reject(revived(message.error));
  });

  const call = (name: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (calls += 1);
      underWay.set(id, { resolve, reject });
      port.postMessage({ kind: 'call', id, name, args } satisfies Message);
    });
  return new Proxy({} as Remote<Theirs>, {
    get: (_, name) => (typeof name === 'string' ? (...args: unknown[]) => call(name, args) : undefined),
  });
}

function plain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, message, stack };
}

function revived({ name, message, stack }: PlainError): Error {
  const Known = (KNOWN_ERRORS as Record<string, new (message: string) => Error>)[name] ?? Error;
  const error = new Known(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
