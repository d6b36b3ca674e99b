import type { QuarantinePage } from '../../src/contract/index.js';
import type { Delivery } from '../generators/chains.js';
import { badgeMinted, tx } from '../support/payloads.js';
import { TOKENS, type TestService } from '../support/service.js';

/**
 * Transactions that nothing can understand, in some of what a campaign delivers: what is set aside is written after the
 * facts of its delivery, and is kept by the same promise.
 */
const ONE_IN = 3;
/** Behind all others of its block. */
const LAST = 10_000;

/** The delivery, in its first block a transaction more that is not understood, or not: always the same of the same. */
export function withFault(delivery: Delivery): { readonly delivery: Delivery; readonly txId?: string } {
  const [first, ...others] = delivery.apply;
  if (first === undefined || parseInt(first.hash.slice(-2), 16) % ONE_IN > 0) return { delivery };
  const fault = tx(`fault in ${first.hash}`, [badgeMinted(1, { recipient: true })], { index: LAST });
  const faulty = { ...first, transactions: [...first.transactions, fault] };
  return { delivery: { ...delivery, apply: [faulty, ...others] }, txId: fault.txId };
}

/** @param acknowledged ids of the transactions that must be listed; others may be, of deliveries that were cut off. */
export async function faultsThatDiffer(service: TestService, acknowledged: ReadonlySet<string>): Promise<string[]> {
  const missing = new Set(acknowledged);
  const kept = new Map<string, number>();
  for await (const { source, input } of everythingSetAside(service)) {
    const text = JSON.stringify(input);
    for (const txId of missing) if (text.includes(txId)) missing.delete(txId);
    kept.set(source + text, (kept.get(source + text) ?? 0) + 1);
  }
  return [
    ...[...missing].map((txId) => `quarantine: ${txId} is not listed`),
    ...[...kept].filter(([, times]) => times > 1).map(([text, times]) => `quarantine: ${times} times ${text}`),
  ];
}

async function* everythingSetAside(service: TestService): AsyncGenerator<QuarantinePage['items'][number]> {
  let before = '';
  for (;;) {
    const response = await fetch(`${service.url}/api/quarantine?limit=200${before}`, {
      headers: { authorization: `Bearer ${TOKENS.admin}` },
    });
    if (!response.ok) throw new Error(`the quarantine was answered ${response.status}: ${await response.text()}`);
    const { items, next } = (await response.json()) as QuarantinePage;
    yield* items;
    if (next === null) return;
    before = `&before=${next}`;
  }
}
