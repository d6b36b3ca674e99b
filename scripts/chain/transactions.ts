import { createHash } from 'node:crypto';
import { serializeCV, type ClarityValue } from '@stacks/transactions';

/**
 * Transactions as their senders sign them: made once, mined in any block of any fork. The id depends on the sender, the
 * nonce and the content alone, so a transaction that a reorg brings back in another block keeps its id.
 */
export type Transaction = {
  /** Lower-case hex with `0x`. */
  readonly txId: string;
  readonly sender: string;
  readonly nonce: number;
} & (
  | {
      readonly kind: 'call';
      /** Address and name, as in `ST….badge-issuer`. */
      readonly contract: string;
      readonly method: string;
      readonly args: readonly ClarityValue[];
    }
  | { readonly kind: 'deploy'; readonly name: string; readonly source: string }
);

/** Makes transactions and counts the nonces of their senders. */
export class TransactionMaker {
  readonly #nonces = new Map<string, number>();

  /** A call of the public function `method` of `contract` (address and name). */
  call(sender: string, contract: string, method: string, args: readonly ClarityValue[]): Transaction {
    const nonce = this.#nextNonce(sender);
    const txId = digest(sender, nonce, contract, method, ...args.map(serializeCV));
    return { kind: 'call', txId, sender, nonce, contract, method, args };
  }

  /** The deployment of a contract under the address of its sender. */
  deploy(sender: string, name: string, source: string): Transaction {
    const nonce = this.#nextNonce(sender);
    return { kind: 'deploy', txId: digest(sender, nonce, name, source), sender, nonce, name, source };
  }

  #nextNonce(sender: string): number {
    const nonce = this.#nonces.get(sender) ?? 0;
    this.#nonces.set(sender, nonce + 1);
    return nonce;
  }
}

/** SHA-256 over the parts, as JSON so that no two lists of parts run together; hex with `0x`. */
export function digest(...parts: readonly (string | number)[]): string {
  return `0x${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
