import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DeliveryReceipt } from '../../backend/src/contract/index.js';
import { DeliveryEndedError, type Delivered } from '../deliver.js';

/**
 * Delivers a file of NDJSON payloads line by line, in the order of the file: a line is posted when the one before is
 * answered, unless the caller asks for more at a time. Never holds more than the lines under way.
 */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the file up to the end of this line. */
  readonly endsAt: number;
}

export interface Summary {
  /** Lines delivered or refused; blank ones are skipped. */
  lines: number;
  readonly totals: DeliveryReceipt;
  refused: number;
  /** The first refusals, `REFUSALS_LISTED` at most. */
  readonly refusals: { readonly line: number; readonly reason: string }[];
  /** Why the replay ended before the end of the file. */
  ended?: { readonly line: number; readonly reason: string };
}

const REFUSALS_LISTED = 20;

export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  let endsAt = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    endsAt += Buffer.byteLength(text) + 1;
    if (text.trim() !== '') yield { number, text, endsAt };
  }
}

/**
 * @param concurrency lines under way at a time; above 1 the service may see them in another order.
 * @param onLine told after each answer.
 */
export async function run(
  lines: AsyncGenerator<Line>,
  post: (body: string) => Promise<Delivered>,
  concurrency: number,
  onLine: (line: Line, summary: Summary) => void,
): Promise<Summary> {
  const totals = { accepted: 0, duplicates: 0, ignored: 0, quarantined: 0, applied: 0, rolledBack: 0 };
  const summary: Summary = { lines: 0, totals, refused: 0, refusals: [] };

  const deliverNext = async (): Promise<void> => {
    while (summary.ended === undefined) {
      const next = await lines.next();
      if (next.done === true) return;
      const line = next.value;
      try {
        note(summary, line, await post(line.text));
      } catch (error) {
        if (!(error instanceof DeliveryEndedError)) throw error;
        summary.ended ??= { line: line.number, reason: error.message };
        return;
      }
      onLine(line, summary);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, deliverNext));
  await lines.return(undefined);
  return summary;
}

function note(summary: Summary, line: Line, delivered: Delivered): void {
  summary.lines += 1;
  if (delivered.kind === 'taken') {
    const { totals } = summary;
    for (const name of Object.keys(totals) as (keyof DeliveryReceipt)[]) totals[name] += delivered.receipt[name];
    return;
  }
  summary.refused += 1;
  if (summary.refusals.length < REFUSALS_LISTED) summary.refusals.push({ line: line.number, reason: delivered.reason });
}
