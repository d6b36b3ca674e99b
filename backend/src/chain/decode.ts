import { makeFact, type Fact, type FactBody } from '../events/fact.js';
import { listedId, printId } from '../events/identity.js';
import { ClarityError, decodeClarity } from './clarity.js';
import { PrintError, PrintFields } from './fields.js';
import type { RawBlock } from './payload.js';
import { statementReader } from './prints.js';
import type { RawPrint, RawTransaction } from './transactions.js';

/**
 * From the prints of a block to its facts. Pure: the same block gives the same facts with the same ids, in every form.
 * What is not ours or failed is counted; what is ours and cannot be understood is set aside with its whole transaction;
 * neither touches the rest.
 */
export interface DecodedBlock {
  readonly facts: readonly Fact[];
  /** Prints of foreign contracts or of failed transactions. */
  readonly ignored: number;
  readonly setAside: readonly SetAside[];
}

/** A transaction of which something was not understood. */
export interface SetAside {
  readonly transaction: unknown;
  readonly reason: string;
  /** Path within the transaction; empty if it is the transaction itself. */
  readonly field: string;
  /** Prints that were not understood; 1 where the transaction as a whole was not. */
  readonly count: number;
}

/** @param ours identifiers of the contracts whose prints count. */
export function decodeBlock(block: RawBlock, ours: ReadonlySet<string>): DecodedBlock {
  const facts: Fact[] = [];
  const setAside: SetAside[] = [];
  let ignored = 0;
  for (const transaction of block.transactions) {
    if ('problem' in transaction) {
      const { message, field } = transaction.problem;
      setAside.push({ transaction: transaction.source, reason: message, field, count: 1 });
    } else if (!transaction.succeeded) {
      ignored += transaction.prints.length;
    } else {
      const decoder = new TransactionDecoder(block, transaction, ours);
      for (const print of transaction.prints) decoder.take(print, facts);
      ignored += decoder.ignored;
      if (decoder.problem !== undefined) {
        setAside.push({ transaction: transaction.source, ...decoder.problem, count: decoder.problems });
      }
    }
  }
  return { facts, ignored, setAside };
}

class TransactionDecoder {
  ignored = 0;
  problems = 0;
  /** The first of `problems`. */
  problem: { readonly reason: string; readonly field: string } | undefined;
  #ordinal = 0;
  /** How many equal prints there were, by the id of the first. */
  readonly #occurrences = new Map<string, number>();

  constructor(
    private readonly block: RawBlock,
    private readonly transaction: RawTransaction,
    private readonly ours: ReadonlySet<string>,
  ) {}

  /** Adds what `print` states to `facts`. */
  take(print: RawPrint, facts: Fact[]): void {
    if (print.contract !== undefined && !this.ours.has(print.contract)) {
      this.ignored += 1;
    } else if (print.kind === 'bad') {
      this.#set(print.reason, print.field);
    } else {
      try {
        this.#state(print, facts);
      } catch (error) {
        if (error instanceof ClarityError) this.#set(`the print is no Clarity value: ${error.message}`, print.field);
        else if (error instanceof PrintError) {
          this.#set(error.message, error.field === undefined ? print.field : `${print.field}.${error.field}`);
        } else throw error;
      }
    }
  }

  #set(reason: string, field: string): void {
    this.problems += 1;
    this.problem ??= { reason, field };
  }

  #state(print: Exclude<RawPrint, { kind: 'bad' }>, facts: Fact[]): void {
    const fields = new PrintFields(print.kind === 'hex' ? decodeClarity(print.hex) : print.value);
    const event = fields.text('event');
    const read = statementReader(event);
    if (read === undefined) throw new PrintError(`no print of ours is called ${event.slice(0, 60)}`, 'event');
    const statement = read(fields);
    if (statement.kind === 'none') return;
    if (statement.kind === 'one') {
      facts.push(this.#fact(statement.fact, this.#identify(print.contract, event, statement.fact.props)));
      return;
    }
    const id = this.#identify(print.contract, event, statement.fields);
    statement.facts.forEach((fact, place) => facts.push(this.#fact(fact, listedId(id, place))));
  }

  #identify(contract: string, event: string, said: object): string {
    const { block, transaction } = this;
    const { hash: blockHash } = block;
    const { txId } = transaction;
    const print = { blockHash, txId, contract, event, fields: JSON.stringify(said), occurrence: 0 };
    // Equal prints have this id in common, and no others have it: a shorter name to count them by than all that they say.
    const first = printId(print);
    const occurrence = this.#occurrences.get(first) ?? 0;
    this.#occurrences.set(first, occurrence + 1);
    return occurrence === 0 ? first : printId({ ...print, occurrence });
  }

  #fact(body: FactBody, id: string): Fact {
    const { block, transaction } = this;
    const chain = {
      height: block.height,
      blockHash: block.hash,
      txId: transaction.txId,
      txIndex: transaction.index,
      ordinal: this.#ordinal,
    };
    this.#ordinal += 1;
    return makeFact(body, id, block.atMs, chain);
  }
}
