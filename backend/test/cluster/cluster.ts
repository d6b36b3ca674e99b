import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import { audit } from '../crash/audit.js';
import type { Step } from '../crash/story.js';
import { differences } from '../crash/verdict.js';
import type { Delivery } from '../generators/chains.js';
import { formOf, saidIn } from '../properties/service.js';
import { DEPLOYER, payload } from '../support/payloads.js';
import { TestService } from '../support/service.js';

/**
 * Several built services on one database, and a chain node that has patience: it tells its story to them, step by step,
 * the pieces of a step all at once, and tells again what was not acknowledged.
 */
const PATIENCE_MS = 120_000;

export class Cluster {
  readonly #members: TestService[] = [];
  /** How long the last step took until it was acknowledged, in ms. */
  #stepMs = 0;
  #acknowledged: Delivery[] = [];

  /** @param leaseMs short ones end a dead writer's reign soon; undefined: as it is by default */
  constructor(
    private readonly uri: string,
    private readonly leaseMs: number | undefined,
  ) {}

  /** Starts one more, and waits until it is ready. @param env such as another way to the database */
  async join(role: 'writer' | 'reader', env: Readonly<Record<string, string>> = {}): Promise<TestService> {
    const member = await TestService.start({
      env: {
        MONGODB_URI: this.uri,
        ANALYTICS_ROLE: role,
        ...(this.leaseMs !== undefined && { ANALYTICS_LEASE_MS: String(this.leaseMs) }),
        STACKS_DEPLOYER: DEPLOYER,
        ANALYTICS_BATCH_TIMEOUT_MS: '20',
        ...env,
      },
    });
    this.#members.push(member);
    return member;
  }

  /**
   * Tells these steps, each when the one before was acknowledged whole. Of a step all pieces are under way together, each
   * to the next of `members`, and once more to the one after it: two predicates may bring the same.
   * @param mishap happens once, in the middle of a step: when some of its pieces are under way, and not acknowledged.
   * @returns how long after the mishap that step was acknowledged whole, in ms.
   */
  async tell(
    members: TestService | readonly TestService[],
    steps: readonly Step[],
    mishap?: () => unknown,
  ): Promise<number> {
    const taking = [members].flat();
    let turn = 0;
    let happening: unknown;
    let isToCome = mishap !== undefined;
    let happenedAtMs = 0;
    let tookMs: number | undefined;
    for (const [index, { move, deliveries }] of steps.entries()) {
      const sentAtMs = performance.now();
      let underWay = 2 * deliveries.length;
      const acknowledged = [...deliveries, ...deliveries].map(async (delivery) => {
        const member = taking[(turn += 1) % taking.length];
        await until(`block ${move.apply[0]?.height} to be acknowledged`, () => isTaken(member, delivery));
        underWay -= 1;
      });
      if (isToCome) {
        // Of the last nothing may be missed: it happens as soon as that is sent.
        if (index < steps.length - 1) await sleep(this.#stepMs / 2);
        if (underWay > 0) {
          isToCome = false;
          happenedAtMs = performance.now();
          happening = mishap?.();
        }
      }
      await Promise.all(acknowledged);
      if (happenedAtMs > 0) tookMs ??= performance.now() - happenedAtMs;
      this.#stepMs = performance.now() - sentAtMs;
      this.#acknowledged.push(move);
    }
    if (isToCome) throw new Error('there was nothing to tell while it happened');
    await happening;
    return tookMs ?? 0;
  }

  /** Where `member` differs from the reference in what it tells of all that was acknowledged; nowhere, if it has caught up. */
  async verdict(member: TestService): Promise<{ lost: number; doubleCounted: number; differ: string[] }> {
    const moves = this.#acknowledged;
    const differ = await differences(member, moves);
    const blocks = new Map(moves.flatMap(({ apply }) => apply.map((block) => [block.hash, block] as const)));
    return { ...(await audit(member, saidIn([...blocks.values()]))), differ };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop()));
  }
}

/** Whether it is acknowledged whole. */
async function isTaken(member: TestService | undefined, delivery: Delivery): Promise<boolean> {
  const body = payload(formOf({ ...delivery, form: 'raw' }), delivery);
  const response = await member?.deliver(body).catch(() => undefined);
  return response?.status === 200 && ((await response.json()) as DeliveryReceipt).quarantined === 0;
}

export const RIGHT = { lost: 0, doubleCounted: 0, differ: [] };

/** Whether this process is the one that writes. */
export async function writes(member: TestService): Promise<boolean> {
  const figures = await fetch(`${member.url}/metrics`).then((response) => response.text());
  return /^passportx_writer 1$/m.test(figures);
}

/** @throws {Error} that names what was waited for in vain. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

export const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });

export function call(
  member: TestService,
  method: string,
  path: string,
  given: { as?: string; cookie?: string; body?: unknown; headers?: Record<string, string> },
): Promise<Response> {
  const { as, cookie, body, headers } = given;
  return fetch(member.url + path, {
    method,
    headers: {
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...(cookie !== undefined && { cookie, origin: member.url }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
