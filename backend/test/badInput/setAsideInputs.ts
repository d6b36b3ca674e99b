import { createHash } from 'node:crypto';
import type { QuarantinePage } from '../../src/contract/index.js';
import { deepJson } from '../../src/log/deepJson.js';
import { TOKENS, type TestService } from '../support/service.js';

/**
 * Whether what a delivery was told to have set aside is listed. Which of its transactions were bad is the service's
 * affair; here it is held against the list that something of the delivery, whole or one transaction, stands in it.
 */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Digests of a delivery as a whole and of each of its transactions; none of what is not plain JSON. */
export function digestsOf(body: string): string[] {
  const value = parsed(body);
  return value === undefined ? [] : [value, ...transactionsOf(value)].map(digestOf);
}

export interface Listed {
  /** Digests of the inputs and of the transactions in them. */
  readonly digests: ReadonlySet<string>;
  readonly items: number;
  readonly distinct: number;
  /** Characters of the longest reason. */
  readonly longestReason: number;
  /** What `/metrics` tells. */
  readonly counted: number;
}

/** All that the service lists as set aside, a page at a time. */
export async function listSetAside(service: TestService): Promise<Listed> {
  const digests = new Set<string>();
  const inputs = new Set<string>();
  let items = 0;
  let longestReason = 0;
  let before: string | null = '';
  while (before !== null) {
    const query: string = before === '' ? '' : `&before=${before}`;
    const response = await fetch(`${service.url}/api/quarantine?limit=200${query}`, {
      headers: { authorization: `Bearer ${TOKENS.admin}` },
    });
    const page = (await response.json()) as QuarantinePage;
    for (const { input, reason } of page.items) {
      items += 1;
      longestReason = Math.max(longestReason, reason.length);
      // What is nested beyond all reason is listed as its text.
      const text = typeof input === 'string' ? input : deepJson(input);
      for (const digest of [digestOf(input as Json), ...digestsOf(text)]) digests.add(digest);
      inputs.add(digestOf(input as Json));
    }
    before = page.next;
  }
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  const counted = Number(/^passportx_quarantined (\d+)$/m.exec(metrics)?.[1]);
  return { digests, items, distinct: inputs.size, longestReason, counted };
}

const digestOf = (value: Json): string => createHash('sha256').update(deepJson(value)).digest('base64url');

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function transactionsOf(body: Json): Json[] {
  const payload = field(body, 'event') ?? body;
  return ['apply', 'rollback'].flatMap((side) =>
    list(field(payload, side)).flatMap((b) => list(field(b, 'transactions'))),
  );
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const field = (value: Json, name: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)[name]
    : undefined;
