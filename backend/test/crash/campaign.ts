import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../scripts/demo/random.js';
import { PERIODS, type ChainStatus, type DeliveryReceipt } from '../../src/contract/index.js';
import { until, writes } from '../cluster/cluster.js';
import type { Delivery } from '../generators/chains.js';
import { formOf, saidIn } from '../properties/service.js';
import { DEPLOYER, PAYLOAD_FORMS, payload } from '../support/payloads.js';
import { TestService } from '../support/service.js';
import { audit } from './audit.js';
import { AT_ANY_MOMENT, namesOf, type FailPoint, type StoreName, type Target } from './phases.js';
import { storyOf, type Step } from './story.js';
import { faultsThatDiffer, withFault } from './faults.js';
import { differences, takeSnapshot } from './verdict.js';

/**
 * One service that is killed again and again over the same data while a node tells it a story: a life for each kill.
 * After each death the node tells again what was not acknowledged, and a random part of what was. Now and then, and in the
 * end, everything is held against the reference.
 */
export interface CampaignReport {
  /** Kills by the name of the fail point, of every point that there is and of `AT_ANY_MOMENT`. */
  readonly kills: ReadonlyMap<string, number>;
  /** Events that were acknowledged. */
  readonly acknowledged: number;
  /** Of them, those that the service did not know after a restart, or does not tell in the end. */
  readonly lost: number;
  readonly doubleCounted: number;
  /** Times from the start of a process until it was ready and the writer, in ms. */
  readonly restartsMs: readonly number[];
  /** Where what it answered when it was compared differs from the reference. */
  readonly differences: readonly string[];
}

const PRELOAD = pathToFileURL(resolve('backend/test/crash/failPoints.mjs')).href;
const CONCURRENCY = 8;
/** Time for folds, warehouse and snapshots to follow a step, in ms; a life that waits for them is longer. */
const STEP_MS = 60;
/** A life from which no point is reached is ended from outside after at most so many steps. */
const STEPS_A_LIFE = 12;
/** What was told may come to the point only then, as on a busy machine, in ms. */
const POINT_MS = 5_000;
/** A point that a life did not come to, because it ended too early, is tried again in the next. */
const LIVES_A_POINT = 3;
/** More than the lives of a kill tell: at the end of its story a service has nothing to fold at a start. */
const BLOCKS_A_KILL = 20;
/** So many kills have been survived when everything is held against the reference, */
const POINTS_A_COMPARISON = 8;
/** unless no more than so many are to come: everything is at the end, too. */
const POINTS_BEFORE_THE_END = 2;
/** Chance that an acknowledged delivery is told again after a restart. */
const REPEAT = 0.2;

/** How long the lease of a dead writer holds, in ms: so long the next life waits for it. */
const LEASE_MS = 1_000;

/**
 * @param points where it is killed, in order
 * @param mongodbUri a database for this campaign alone; undefined: the embedded store
 */
export async function runCampaign(
  seed: number,
  points: readonly Target[],
  mongodbUri?: string,
): Promise<CampaignReport> {
  const story = storyOf(seed, points.length * BLOCKS_A_KILL, Date.now());
  const service = await TestService.prepare({
    env: {
      STACKS_DEPLOYER: DEPLOYER,
      ANALYTICS_BATCH_TIMEOUT_MS: '20',
      LOG_LEVEL: 'warn',
      ...(mongodbUri !== undefined && { MONGODB_URI: mongodbUri, ANALYTICS_LEASE_MS: String(LEASE_MS) }),
    },
  });
  try {
    const store = mongodbUri === undefined ? 'lmdb' : 'mongodb';
    const campaign = new Campaign(service, store, story, new Random(seed));
    for (const [index, point] of points.entries()) {
      for (let lives = 0; lives < LIVES_A_POINT; lives += 1) if (await campaign.live(point)) break;
      const [survived, toCome] = [index + 1, points.length - index - 1];
      if (survived % POINTS_A_COMPARISON === 0 && toCome > POINTS_BEFORE_THE_END) await campaign.compare();
    }
    return await campaign.end();
  } finally {
    await service.stop();
  }
}

class Campaign {
  readonly #kills: Map<string, number>;
  readonly #restartsMs: number[] = [];
  readonly #acknowledged = new Set<Delivery>();
  /** Ids of transactions that cannot be understood, of deliveries that were acknowledged. */
  readonly #faults = new Set<string>();
  readonly #differences: string[] = [];
  #step = 0;
  #lost = 0;

  constructor(
    private readonly service: TestService,
    store: StoreName,
    private readonly story: readonly Step[],
    private readonly random: Random,
  ) {
    this.#kills = new Map(namesOf(store).map((name) => [name, 0]));
  }

  /** From a start to the next kill. @returns whether it came where it was meant to. */
  async live(point: Target): Promise<boolean> {
    const said = this.service.output.length;
    await (point === null ? this.#killedAnyTime() : this.#killedAt(point));
    await this.service.kill();
    const killed = /^killed (.*)$/m.exec(this.service.output.slice(said))?.[1];
    const name = killed ?? AT_ANY_MOMENT;
    this.#kills.set(name, (this.#kills.get(name) ?? 0) + 1);
    return point === null || killed === point.name;
  }

  /** In an undisturbed life the story is told up to where it got, and all answers are compared; then it is killed. */
  async compare(): Promise<void> {
    await this.#settle();
    await this.service.kill();
  }

  async #reorgs(): Promise<string> {
    return JSON.stringify((await this.service.read<ChainStatus>('/api/chain/status')).reorgs);
  }

  /** The last life: all answers, and of each event that was acknowledged whether it is told once. */
  async end(): Promise<CampaignReport> {
    const moves = await this.#settle();
    const blocks = new Map(moves.flatMap(({ apply }) => apply.map((block) => [block.hash, block] as const)));
    const acknowledged = saidIn([...blocks.values()]);
    const { lost, doubleCounted } = await audit(this.service, acknowledged);
    // What it counted as it wrote, and what it counts as it reads.
    const before = await this.#reorgs();
    await this.service.kill();
    await this.#start({});
    const after = await this.#reorgs();
    if (after !== before) this.#differences.push(`reorgs: ${before} before a restart, ${after} after it`);
    return {
      kills: this.#kills,
      acknowledged: acknowledged.length,
      lost: lost + this.#lost,
      doubleCounted,
      restartsMs: this.#restartsMs,
      differences: this.#differences,
    };
  }

  /** @returns what was told so far */
  async #settle(): Promise<Delivery[]> {
    await this.#start({});
    const step = this.story[this.#step];
    if (step !== undefined) await this.#tell(step);
    const moves = this.story.slice(0, this.#step).map(({ move }) => move);
    this.#differences.push(
      ...(await differences(this.service, moves)),
      ...(await faultsThatDiffer(this.service, this.#faults)),
    );
    return moves;
  }

  async #killedAt({ name, reachedBy, times }: FailPoint): Promise<void> {
    const at = `${name}:${this.random.whole(1, times)}`;
    if (!(await this.#start({ NODE_OPTIONS: `--import ${PRELOAD}`, FAIL_POINT: at }))) return;
    if (reachedBy === 'end') {
      const ended = sleep(this.random.whole(20, 200)).then(() => this.service.kill('SIGTERM'));
      await this.#tellOn();
      await ended;
      return;
    }
    const asked = reachedBy === 'snapshot' || reachedBy === 'read' ? this.#askFor(reachedBy) : undefined;
    await this.#tellOn();
    await Promise.race([sleep(POINT_MS), this.service.ended]);
    await this.service.kill();
    await asked;
  }

  async #killedAnyTime(): Promise<void> {
    if (!(await this.#start({}))) return;
    const killed = sleep(this.random.whole(1, 400)).then(() => this.service.kill());
    await this.#tellOn();
    await killed;
  }

  /** @returns whether it is up and the writer; it may have been killed in the start. */
  async #start(env: Readonly<Record<string, string>>): Promise<boolean> {
    const startedMs = performance.now();
    try {
      await this.service.restart(env);
      await until('the writer', () => writes(this.service));
    } catch (error) {
      if (!String(error).includes('SIGKILL') && !isDeath(error)) throw error;
      return false;
    }
    this.#restartsMs.push(performance.now() - startedMs);
    return true;
  }

  /** Repeats some of what was acknowledged, and goes on with the story, for some steps or until the service is dead. */
  async #tellOn(): Promise<void> {
    try {
      await this.#repeat();
      for (let steps = 0; steps < STEPS_A_LIFE; steps += 1) {
        const step = this.story[this.#step];
        if (step === undefined) return;
        await this.#tell(step);
        await Promise.race([sleep(STEP_MS), this.service.ended]);
      }
    } catch (error) {
      if (!isDeath(error)) throw error;
    }
  }

  async #tell({ deliveries }: Step): Promise<void> {
    await this.#deliver(
      deliveries.filter((delivery) => !this.#acknowledged.has(delivery)),
      (delivery) => this.#acknowledged.add(delivery),
    );
    this.#step += 1;
  }

  /**
   * What was acknowledged is known: nothing of it is new, and nothing changes, as what it applies counts and what it rolls
   * back does not; be it before or after the step that is under way, of which all may be durable and nothing acknowledged.
   * An older move that came after a newer one would be a reorg back, and the newer one in doubt when it comes again.
   */
  async #repeat(): Promise<void> {
    const states = [this.#step, this.#step + 1].map((steps) => canonicalAfter(this.story.slice(0, steps)));
    const changesNothing = ({ rollback, apply }: Delivery): boolean =>
      states.every(
        (canonical) =>
          !rollback.some(({ hash }) => canonical.has(hash)) && apply.every(({ hash }) => canonical.has(hash)),
      );
    const again = [...this.#acknowledged].filter((delivery) => changesNothing(delivery) && this.random.chance(REPEAT));
    await this.#deliver(again, (_delivery, { accepted, applied, rolledBack }) => {
      this.#lost += accepted;
      if (applied + rolledBack > 0)
        this.#differences.push(`what was acknowledged moved blocks when it was told again: ${applied} + ${rolledBack}`);
    });
  }

  /** Delivers as fast as it is acknowledged. @throws {Error} when the service is dead or ending; what it answered is noted. */
  async #deliver(
    deliveries: readonly Delivery[],
    onAnswer: (delivery: Delivery, receipt: DeliveryReceipt) => void,
  ): Promise<void> {
    const waiting = [...deliveries];
    const sender = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const form = formOf({ ...next, form: this.random.pick(PAYLOAD_FORMS) ?? 'raw' });
        const faulty = withFault(next);
        const response = await this.service.deliver(payload(form, faulty.delivery));
        if (response.status === 200) {
          if (faulty.txId !== undefined) this.#faults.add(faulty.txId);
          onAnswer(next, (await response.json()) as DeliveryReceipt);
        } else {
          const refusal = `a delivery was answered ${response.status}: ${await response.text().catch(String)}`;
          // It says so when it is ending, or not the writer: anything else is not to be taken for that.
          if (response.status !== 503) this.#differences.push(refusal);
          throw new RefusedError(refusal);
        }
      }
    };
    const senders = await Promise.allSettled(Array.from({ length: CONCURRENCY }, sender));
    for (const outcome of senders) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #askFor(what: 'snapshot' | 'read'): Promise<void> {
    try {
      for (;;)
        if (what === 'snapshot') for (const period of PERIODS) await takeSnapshot(this.service, period);
        else await this.service.read('/api/badges');
    } catch (error) {
      if (!isDeath(error)) throw error;
    }
  }
}

function canonicalAfter(steps: readonly Step[]): ReadonlySet<string> {
  const canonical = new Set<string>();
  for (const { move } of steps) {
    for (const { hash } of move.rollback) canonical.delete(hash);
    for (const { hash } of move.apply) canonical.add(hash);
  }
  return canonical;
}

/** Not acknowledged: the service is ending. */
class RefusedError extends Error {}

/** `fetch` fails with a TypeError (under jest one of another realm) when the connection is refused or breaks off. */
const isDeath = (error: unknown): boolean =>
  error instanceof RefusedError || (error as Error | undefined)?.name === 'TypeError';
