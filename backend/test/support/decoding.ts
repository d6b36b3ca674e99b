import { contractsOf } from '../../src/chain/contracts.js';
import { decodeBlock, type DecodedBlock } from '../../src/chain/decode.js';
import { parsePayload } from '../../src/chain/payload.js';
import {
  block,
  DEPLOYER,
  payload,
  tx,
  type BlockDescription,
  type PayloadForm,
  type PrintDescription,
} from './payloads.js';

const OURS = contractsOf(DEPLOYER);

/** What the first of these blocks says, delivered in this form. */
export function decode(form: PayloadForm, ...blocks: BlockDescription[]): DecodedBlock {
  return decodeBody(payload(form, { apply: blocks }));
}

export function decodeBody(body: unknown): DecodedBlock {
  const parsed = parsePayload(body);
  if (!parsed.understood) throw new Error(`${parsed.reason} (${parsed.field})`);
  const [first] = parsed.apply;
  if (first === undefined) throw new Error('no block');
  return decodeBlock(first, OURS);
}

/** A block with one transaction that prints this. */
export const minting = (...prints: PrintDescription[]) => block(100, [tx('a', prints)]);
