import { Random } from '../../../scripts/demo/random.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import { TOKENS, type TestService } from '../support/service.js';
import { FIRST_WITNESS, witness } from './originals.js';
import { bomb, JSON_TYPE, spoiled, type Sent } from './texts.js';
import { distorted, textOf, type Tree } from './trees.js';

/**
 * Sends distorted payloads to the service, several at a time, and in between payloads that are right. Everything drawn
 * at random comes from the seed; which of those that are under way together is decided first does not.
 */
export interface Outcome {
  /** Answers by status; 0: no answer. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Sum of all receipts. */
  readonly receipt: DeliveryReceipt;
  /** Badge ids that must count. */
  readonly witnesses: readonly string[];
  /** What should not have been answered as it was; a few of them. */
  readonly complaints: readonly string[];
}

export interface Attack {
  readonly count: number;
  readonly seed: number;
  /** Number of the first mutation, counted over all attacks on the service: its witnesses are named for it. */
  readonly from: number;
}

const AT_ONCE = 8;
const WITNESS_EVERY = 25;
const BOMB_EVERY = 500;
const MAX_COMPLAINTS = 20;

/** JSON of any shape is taken (200); what is no JSON is refused, and so is what is too large. */
const ANSWERS_TO_JSON = [200];
const ANSWERS_TO_ANYTHING = [200, 400, 413];

export async function attack(
  service: TestService,
  payloads: readonly Tree[],
  { count, seed, from }: Attack,
): Promise<Outcome> {
  const random = new Random(seed);
  const statuses: Record<number, number> = {};
  const receipt = { accepted: 0, duplicates: 0, ignored: 0, quarantined: 0, applied: 0, rolledBack: 0 };
  const witnesses: string[] = [];
  const complaints: string[] = [];

  const post = async (name: string, sent: Sent, allowed: readonly number[]): Promise<DeliveryReceipt | undefined> => {
    const { status, body } = await send(service, sent);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (!allowed.includes(status) && complaints.length < MAX_COMPLAINTS)
      complaints.push(
        `${name}: ${status} ${body.slice(0, 200)} to ${Buffer.from(sent.body).toString().slice(0, 2_000)}`,
      );
    if (status !== 200) return undefined;
    const told = JSON.parse(body) as DeliveryReceipt;
    for (const name of Object.keys(receipt) as (keyof DeliveryReceipt)[]) receipt[name] += told[name];
    return told;
  };
  const postWitness = async (index: number): Promise<void> => {
    witnesses.push(String(FIRST_WITNESS + index));
    const sent = { body: Buffer.from(JSON.stringify(witness(index))), headers: JSON_TYPE };
    const told = await post(`witness ${index}`, sent, ANSWERS_TO_JSON);
    if (told?.accepted !== 1 || told.applied !== 1)
      complaints.push(`witness ${index} was answered ${JSON.stringify(told)}`);
  };

  let next = 0;
  const line = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const { sent, allowed } = mutant(payloads, random, index);
      await post(`mutation ${index}, seed ${seed}`, sent, allowed);
      if (index % WITNESS_EVERY === 0) await postWitness(from + index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return { statuses, receipt, witnesses, complaints };
}

function mutant(payloads: readonly Tree[], random: Random, index: number): { sent: Sent; allowed: readonly number[] } {
  if (index % BOMB_EVERY === 0) return { sent: bomb(random.whole(0, 3)), allowed: [413] };
  const payload = random.pick(payloads) ?? null;
  if (random.chance(0.3)) return { sent: spoiled(textOf(payload), random), allowed: ANSWERS_TO_ANYTHING };
  const text = textOf(distorted(payload, random));
  return { sent: { body: Buffer.from(text), headers: JSON_TYPE }, allowed: ANSWERS_TO_JSON };
}

async function send(service: TestService, { body, headers }: Sent): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(`${service.url}/api/chainhook/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.chainhook}`, ...headers },
      body,
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}
