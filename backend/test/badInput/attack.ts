import { Random } from '../../../scripts/demo/random.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import { TOKENS, type TestService } from '../support/service.js';
import { FIRST_WITNESS, witness } from './originals.js';
import { digestsOf } from './setAsideInputs.js';
import { bomb, JSON_TYPE, spoiled, type Mutant } from './texts.js';
import { distorted, textOf, type Tree } from './trees.js';

/**
 * Sends distorted payloads to the service, several at a time, and in between payloads that are right. Everything drawn
 * at random comes from the seed; which of those that are under way together is decided first does not.
 */
export interface Outcome {
  /** Answers by status; 0: no answer. */
  readonly statuses: Readonly<Record<number, number>>;
  /** What was wrong, by kind: how often. One payload may have several. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Sum of all receipts. */
  readonly receipt: DeliveryReceipt;
  /** Badge ids that must count. */
  readonly witnesses: readonly string[];
  /** Of each delivery that was told to have something set aside: its name, and `digestsOf` it. */
  readonly setAside: readonly { readonly name: string; readonly digests: readonly string[] }[];
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

/** JSON of any shape is taken. */
const ANSWERS_TO_JSON = [200];

export async function attack(
  service: TestService,
  payloads: readonly Tree[],
  { count, seed, from }: Attack,
): Promise<Outcome> {
  const random = new Random(seed);
  const statuses: Record<number, number> = {};
  const kinds: Record<string, number> = {};
  const receipt = { accepted: 0, duplicates: 0, ignored: 0, quarantined: 0, applied: 0, rolledBack: 0 };
  const witnesses: string[] = [];
  const setAside: { name: string; digests: string[] }[] = [];
  const complaints: string[] = [];

  const post = async (name: string, { sent, answers }: Omit<Mutant, 'kinds'>): Promise<DeliveryReceipt | undefined> => {
    const { status, body } = await send(service, sent);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (!answers.includes(status) && complaints.length < MAX_COMPLAINTS)
      complaints.push(
        `${name}: ${status} ${body.slice(0, 200)} to ${Buffer.from(sent.body).toString().slice(0, 2_000)}`,
      );
    if (status !== 200) return undefined;
    const told = JSON.parse(body) as DeliveryReceipt;
    for (const name of Object.keys(receipt) as (keyof DeliveryReceipt)[]) receipt[name] += told[name];
    const digests = told.quarantined > 0 ? digestsOf(Buffer.from(sent.body).toString()) : [];
    if (digests.length > 0) setAside.push({ name, digests });
    return told;
  };
  const postWitness = async (index: number): Promise<void> => {
    witnesses.push(String(FIRST_WITNESS + index));
    const sent = { body: Buffer.from(JSON.stringify(witness(index))), headers: JSON_TYPE };
    const told = await post(`witness ${index}`, { sent, answers: ANSWERS_TO_JSON });
    if (told?.accepted !== 1 || told.applied !== 1)
      complaints.push(`witness ${index} was answered ${JSON.stringify(told)}`);
  };

  let next = 0;
  const line = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const sent = mutant(payloads, random, index);
      for (const kind of sent.kinds) kinds[kind] = (kinds[kind] ?? 0) + 1;
      await post(`mutation ${index}, seed ${seed} (${sent.kinds.join(', ')})`, sent);
      if (index % WITNESS_EVERY === 0) await postWitness(from + index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return { statuses, kinds, receipt, witnesses, setAside, complaints };
}

function mutant(payloads: readonly Tree[], random: Random, index: number): Mutant {
  if (index % BOMB_EVERY === 0) return bomb(random.whole(0, 3));
  const payload = random.pick(payloads) ?? null;
  if (random.chance(0.3)) return spoiled(textOf(payload), random);
  const { tree, kinds } = distorted(payload, random);
  return { kinds, answers: ANSWERS_TO_JSON, sent: { body: Buffer.from(textOf(tree)), headers: JSON_TYPE } };
}

async function send(
  service: TestService,
  { body, headers }: Mutant['sent'],
): Promise<{ status: number; body: string }> {
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
