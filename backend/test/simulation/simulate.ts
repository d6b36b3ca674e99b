import type { DeliveryReceipt } from '../../src/contract/index.js';
import type { LmdbStore } from '../../src/log/lmdb.js';
import { pathTo, type Delivery } from '../generators/chains.js';
import { expected, measured, textOf, type Question } from '../properties/comparison.js';
import { saidIn } from '../properties/service.js';
import { chainAfter, takeIn, type Chain } from '../reference/chain.js';
import { badgeMinted, payload, tx, type BlockDescription, type PrintDescription } from '../support/payloads.js';
import { SimulatedNode } from './node.js';
import type { Action, Plan } from './plans.js';
import { SimulatedService } from './service.js';

/**
 * Lets a chain with forks, a node with the faults of DESIGN section 4 and a service that is killed play one plan. After
 * each step what counts and what is unproven must be what the rules say. In the end the node begins anew and tells the
 * winning fork: all of that must then count, and whatever else counts must show as unproven.
 * @throws {Error} that tells the story as far as it went, if anything does not hold.
 */
export async function simulate(store: LmdbStore, plan: Plan): Promise<Figures> {
  const simulation = new Simulation(plan, await SimulatedService.open(store));
  try {
    for (const action of plan.actions) await simulation.act(action);
    await simulation.end();
  } catch (error) {
    throw new Error(`${String(error)}\nafter\n${simulation.story.join('\n')}`, { cause: error });
  }
  return simulation.figures;
}

export interface Figures {
  readonly deliveries: number;
  /** Deliveries that the store refused. */
  readonly refused: number;
  /** Times that blocks which counted ceased to. */
  readonly reorgs: number;
  readonly kills: number;
  readonly registrations: number;
  /** Blocks that counted in the end though the winning fork does not hold them. All of them were unproven. */
  readonly doubtful: number;
}

export const NO_FIGURES: Figures = {
  deliveries: 0,
  refused: 0,
  reorgs: 0,
  kills: 0,
  registrations: 0,
  doubtful: 0,
};

const DAY = 86_400_000;
/** No block is left out. */
const NONE = 0;

/** @param bits one for each of 16 blocks, and again for those after them */
const isIn =
  (bits: number) =>
  (index: number): boolean =>
    (bits & (1 << (index % 16))) !== 0;

class Simulation {
  readonly story: string[] = [];
  readonly figures: { -readonly [Name in keyof Figures]: number } = { ...NO_FIGURES };
  readonly #node: SimulatedNode;
  /** What the rules say. */
  #chain: Chain = chainAfter([]);
  /** What the service was told and has to remember. */
  readonly #heard = new Set<PrintDescription>();
  #ending = false;
  #allTold = false;

  constructor(
    private readonly plan: Plan,
    private readonly service: SimulatedService,
  ) {
    this.#node = new SimulatedNode(plan.tree, plan.predicates);
  }

  async act(action: Action): Promise<void> {
    if (action.does === 'move') {
      const tip = this.#blockAt(action.to);
      this.story.push(`the tip moves to ${nameOf(tip)}`);
      this.#node.moveTo(tip, isIn(action.leftOut), action.bare);
    } else if (action.does === 'tell') await this.#tell(action);
    else if (action.does === 'tell all') await this.#tellAll();
    else if (action.does === 'kill') await this.#kill(action);
    else await this.#look(action.skips);
    await this.#expectWhatTheRulesSay();
  }

  /** The node tells the winning fork from its first block on, and then of one more block, beyond all that was seen. */
  async end(): Promise<void> {
    const winner = this.#blockAt(this.plan.winner);
    this.story.push(`${nameOf(winner)} wins`);
    this.#ending = true;
    this.#node.moveTo(winner, () => true, false);
    this.#registerAnew(Infinity, NONE);
    const closing = this.#blockAfter(winner);
    const rest = this.#node.drain();
    const [closer = 0] = this.plan.turns;
    rest[closer % rest.length]?.push({ rollback: [], apply: [closing] });
    await this.#deliver(inTurns(rest, this.plan.turns));
    this.#allTold = true;
    await this.#look(NONE);
    await this.#expectWhatTheRulesSay();
    await this.#expectTheTruth([...pathTo(this.plan.tree, winner).filter((block) => this.#node.tells(block)), closing]);
  }

  async #tell({ predicate: any, failures, again }: Action & { does: 'tell' }): Promise<void> {
    const predicate = any % this.plan.predicates;
    const delivery = this.#node.next(predicate);
    if (delivery === undefined) return;
    for (const failure of failures) {
      if (failure === 'not heard') await this.#deliver([delivery]);
      else if (await this.service.refuse(bodyOf(delivery))) this.figures.refused += 1;
      else {
        // It brought nothing new, so nothing was written, and it was answered.
        this.#note(delivery);
        this.#node.answered(predicate);
        return;
      }
    }
    if (failures.length === 3) {
      this.story.push(`predicate ${predicate} is interrupted`);
      this.#node.interrupt(predicate);
      return;
    }
    await this.#deliver(again ? [delivery, delivery] : [delivery]);
    this.#node.answered(predicate);
  }

  async #tellAll(): Promise<void> {
    const next = Array.from(
      { length: this.plan.predicates },
      (_, predicate) => this.#node.next(predicate) ?? [],
    ).flat();
    await this.#deliver(next);
    for (let predicate = 0; predicate < this.plan.predicates; predicate += 1) this.#node.answered(predicate);
  }

  async #kill({ fromCheckpoint, straggler, skips }: Action & { does: 'kill' }): Promise<void> {
    const underWay = this.#node.next(straggler);
    this.story.push('the service is killed');
    this.figures.kills += 1;
    await this.service.restart(fromCheckpoint);
    this.#registerAnew(this.plan.rewind, skips);
    if (underWay !== undefined) await this.#deliver([underWay]);
  }

  async #look(skips: number): Promise<void> {
    if (this.#node.interrupted) this.#registerAnew(this.plan.rewind, skips);
    await this.service.intake.endRescan();
    this.#chain = takeIn(this.#chain, 'look whether the rescan is over');
  }

  #registerAnew(rewind: number, skips: number): void {
    const tip = this.service.intake.status().tip?.height ?? 0;
    const from = Math.max(this.#blockAt(0).height, tip - rewind);
    this.story.push(`all predicates are registered from ${from}`);
    this.figures.registrations += 1;
    const isPast = (height: number): boolean => (this.#ending ? this.#allTold : this.#node.isPast(height));
    this.service.intake.beginRescan(from, isPast);
    this.#chain = takeIn(this.#chain, { rescanFrom: from, isPast });
    this.#node.register(from, isIn(skips));
  }

  /** Sends them at once, in this order. */
  async #deliver(deliveries: readonly Delivery[]): Promise<void> {
    const receipts = await Promise.all(deliveries.map((delivery) => this.service.deliver(bodyOf(delivery))));
    for (const [index, delivery] of deliveries.entries()) this.#note(delivery, receipts[index]);
  }

  #note(delivery: Delivery, receipt?: DeliveryReceipt): void {
    const { rollback, apply } = delivery;
    this.story.push(`delivered: back ${rollback.map(nameOf).join(' ')}, on ${apply.map(nameOf).join(' ')}`);
    this.figures.deliveries += 1;
    const { known, canonical: before } = this.#chain;
    this.#chain = takeIn(this.#chain, delivery);
    const after = this.#chain.canonical;
    // What a known block held is not read again when it is taken back.
    const unknown = rollback.filter(({ hash }) => known.every((block) => block.hash !== hash));
    for (const { transactions } of [...unknown, ...apply]) {
      for (const { prints } of transactions) for (const print of prints) this.#heard.add(print);
    }
    const moves = { applied: countMissing(after, before), rolledBack: countMissing(before, after) };
    if (moves.rolledBack > 0) this.figures.reorgs += 1;
    if (receipt === undefined) return;
    const { applied, rolledBack, quarantined } = receipt;
    hold('the answer', { applied, rolledBack, quarantined }, { ...moves, quarantined: 0 });
  }

  async #expectWhatTheRulesSay(): Promise<void> {
    const { canonical, unproven } = await this.#standing();
    hold('what counts', canonical, [...this.#chain.canonical].sort());
    hold('what is unproven', unproven, [...this.#chain.unproven].sort());
  }

  async #expectTheTruth(truth: readonly BlockDescription[]): Promise<void> {
    const hashes = truth.map(({ hash }) => hash).sort();
    const { canonical, unproven } = await this.#standing();
    const untrue = canonical.filter((hash) => !hashes.includes(hash));
    const missing = hashes.filter((hash) => !canonical.includes(hash));
    const unseen = untrue.filter((hash) => !unproven.includes(hash));
    hold('true blocks that do not count', missing, []);
    hold('untrue blocks that count and are not unproven', unseen, []);
    if (untrue.length > 0) await this.#settle(untrue, truth);
    await this.#expectMetrics(truth);
  }

  /** What is listed counts until an admin says that it is not on the winning fork: then nothing but the truth is left. */
  async #settle(untrue: readonly string[], truth: readonly BlockDescription[]): Promise<void> {
    const listed = this.plan.tree.blocks.filter(({ hash }) => untrue.includes(hash));
    await this.#expectMetrics([...listed.map((block) => this.#asHeard(block)), ...truth]);
    const hashes = truth.map(({ hash }) => hash).sort();
    // What did not count because of one that is retracted counts again, and is listed: an admin looks at that, too.
    for (let left = untrue; left.length > 0;) {
      for (const hash of left) await this.service.intake.retract(hash);
      const { canonical, unproven } = await this.#standing();
      left = canonical.filter((hash) => !hashes.includes(hash));
      hold(
        'what came back is listed',
        left.filter((hash) => !unproven.includes(hash)),
        [],
      );
    }
    hold('what counts at last', (await this.#standing()).canonical, hashes);
    this.figures.doubtful += untrue.length;
  }

  async #expectMetrics(counting: readonly BlockDescription[]): Promise<void> {
    const now = Math.max(...counting.map(({ timestamp }) => timestamp * 1000)) + DAY;
    const midnight = now - (now % DAY);
    const question: Question = { now, range: { fromMs: midnight - 2 * DAY, toMs: midnight } };
    const { aggregator } = await this.service.fold();
    hold('the metrics', measured(aggregator, question), expected(saidIn(counting), question));
  }

  async #standing(): Promise<{ canonical: string[]; unproven: string[] }> {
    const { blocks } = await this.service.fold();
    const unproven = this.service.intake.status().unproven.map(({ hash }) => hash);
    const canonical = [...blocks.all()].filter((block) => block.canonical);
    hold('what the log says is unproven', canonical.filter((block) => block.unproven).length, unproven.length);
    return { canonical: canonical.map(({ hash }) => hash).sort(), unproven: unproven.sort() };
  }

  #asHeard(block: BlockDescription): BlockDescription {
    const heard = (prints: readonly PrintDescription[]) => prints.filter((print) => this.#heard.has(print));
    return { ...block, transactions: block.transactions.map((one) => ({ ...one, prints: heard(one.prints) })) };
  }

  #blockAt(index: number): BlockDescription {
    const { blocks } = this.plan.tree;
    const block = blocks[index % blocks.length];
    if (block === undefined) throw new RangeError('a tree without blocks');
    return block;
  }

  /** Stands above everything that counts; where that is not right above, there are blocks between without any event. */
  #blockAfter(winner: BlockDescription): BlockDescription {
    const height = Math.max(winner.height, this.service.intake.status().tip?.height ?? 0) + 1;
    const parent = height === winner.height + 1 ? winner.hash : `0x${'e'.repeat(64)}`;
    const prints = [{ ...badgeMinted(77), position: 0 }];
    return {
      hash: `0x${'f'.repeat(64)}`,
      height,
      parent,
      timestamp: winner.timestamp,
      transactions: [{ ...tx('closing', prints), index: 0 }],
    };
  }
}

/** One list out of many, each of them in its order: `turns` says whose next is taken, as long as it lasts. */
function inTurns(lists: readonly (readonly Delivery[])[], turns: readonly number[]): Delivery[] {
  const rest = lists.map((list) => [...list]);
  const taken = turns.flatMap((turn) => rest[turn % rest.length]?.shift() ?? []);
  return [...taken, ...rest.flat()];
}

/** Writing a block as a node does takes longer than taking it in, and most come more than once. */
const written = new WeakMap<BlockDescription, unknown>();

function writtenOf(block: BlockDescription): unknown {
  const before = written.get(block);
  if (before !== undefined) return before;
  const { apply } = payload('raw', { apply: [block] }) as { readonly apply: readonly unknown[] };
  written.set(block, apply[0]);
  return apply[0];
}

const bodyOf = ({ rollback, apply }: Delivery): unknown => ({
  rollback: rollback.map(writtenOf),
  apply: apply.map(writtenOf),
});

const nameOf = ({ hash, height, parent }: BlockDescription): string =>
  `${height}#${Number(BigInt(hash) & 0xffffn)}<#${Number(BigInt(parent) & 0xffffn)}`;

const countMissing = (hashes: ReadonlySet<string>, from: ReadonlySet<string>): number =>
  [...hashes].filter((hash) => !from.has(hash)).length;

/** Works outside of jest as well. */
function hold(what: string, actual: unknown, wanted: unknown): void {
  const [is, should] = [textOf(actual), textOf(wanted)];
  if (is !== should) throw new Error(`${what}: ${is}\ninstead of ${should}`);
}
