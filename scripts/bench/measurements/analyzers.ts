import type * as AggregatorModule from '../../../backend/src/analyzers/aggregator.js';
import type * as PrincipalModule from '../../../backend/src/chain/principal.js';
import type { Change } from '../../../backend/src/events/fact.js';
import type { Row } from '../arithmetic.js';
import { built } from '../built.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { changesOf, withLog } from '../openLog.js';
import { address, SHAPE } from '../workload/prints.js';

/** As at ten million events: seven badges a user. */
const BADGES_PER_USER = 7;
const MS_PER_DAY = 86_400_000;
/** As at ten million events, seven million of them badges in 24 months: what is kept for a day is then shared by as many. */
const BADGES_PER_DAY = Math.round(7_000_000 / (SHAPE.months * 30.4));

/** One change at a time, as the batch processor folds them. */
export const analyzers: Measurement = {
  name: 'analyzers',
  what: 'the folds alone: changes a second, and the size of a user and a badge in their state',
  async run({ quick, histories }) {
    const { Aggregator } = await built<typeof AggregatorModule>('analyzers/aggregator.js');
    const users = quick ? 20_000 : 500_000;
    const { principalAt } = await built<typeof PrincipalModule>('chain/principal.js');
    const names = Array.from({ length: users }, (_, i) => principalAt(viewOf(address('user', i)), 0) ?? '');
    // Sizes of the dump: the state is typed arrays that it holds as they are. The heap of a process says less: what is
    // freed and what is reserved moves it by more than a user takes.
    const measured = new Aggregator();
    const empty = sizeOf(measured);
    for (let i = 0; i < users; i += 1) measured.apply([joined(names, i)]);
    const withUsers = sizeOf(measured);
    for (let i = 0; i < users * BADGES_PER_USER; i += 1) measured.apply([minted(names, i)]);
    const withBadges = sizeOf(measured);
    if (measured.metrics().totalBadgesIssued !== users * BADGES_PER_USER) throw new Error('not every mint counted');

    const log = await histories.log(quick ? QUICK_EVENTS : 1_000_000);
    const changes = await withLog(log, changesOf);
    const folds = new Aggregator();
    const startedAt = performance.now();
    for (const change of changes) folds.apply([change]);
    const perSecond = (1_000 * changes.length) / (performance.now() - startedAt);

    return [
      {
        id: 'analyzers',
        what: `analyzers alone, ${changes.length.toLocaleString('en')} changes`,
        value: perSecond,
        unit: 'events/s',
        beside: { what: 'limit', value: 200_000 },
        aim: { atLeast: 1 },
      },
      {
        id: 'analyzers.user',
        what: `state of a user, ${users.toLocaleString('en')} of them`,
        value: (withUsers - empty) / users,
        unit: 'bytes',
        beside: { what: 'limit', value: 300 },
        aim: { atMost: 1 },
      },
      {
        id: 'analyzers.badge',
        what: `state of a badge with its pairs, ${(users * BADGES_PER_USER).toLocaleString('en')} of them`,
        value: (withBadges - withUsers) / (users * BADGES_PER_USER),
        unit: 'bytes',
        beside: { what: 'limit', value: 100 },
        aim: { atMost: 1 },
      },
    ] satisfies Row[];
  },
};

/** Bytes of the state. */
function sizeOf(folds: AggregatorModule.Aggregator): number {
  const room = new Uint8Array(64 * 1024);
  return folds.dump().reduce((bytes, part) => bytes + part.take(room).length, 0);
}

/** As a fact's id is made: 16 bytes, of which these here are 8 that differ. */
const idOf = (kind: number, i: number): string => {
  const bytes = Buffer.alloc(16, kind);
  bytes.writeUInt32BE(i, 4);
  bytes.writeUInt32BE(Math.imul(i, 0x9e3779b1) >>> 0, 8);
  return bytes.toString('base64url');
};

const common = (id: string, day: number) => ({
  id,
  atMs: (20_000 + day) * MS_PER_DAY,
});

function joined(names: readonly string[], i: number): Change {
  const user = names[i] ?? '';
  return { fact: { ...common(idOf(1, i), 0), type: 'user_joined', actor: user, props: { user } }, weight: 1 };
}

/** Spread over people, templates and days without a pattern that would make pairs recur. */
function minted(names: readonly string[], i: number): Change {
  const recipient = names[(Math.imul(i, 0x9e3779b1) >>> 0) % names.length] ?? '';
  const issuer = names[i % SHAPE.issuers] ?? '';
  const props = {
    badgeId: String(i + 1),
    templateId: String(1 + (i % SHAPE.templates)),
    recipient,
    issuer,
    level: 1 + (i % 5),
    category: 'skill',
  };
  const day = Math.floor(i / BADGES_PER_DAY);
  const chain = { height: 1 + Math.floor(i / 100), blockHash: '0x', txId: '0x', txIndex: i % 100, ordinal: 0 };
  return { fact: { ...common(idOf(2, i), day), type: 'badge_issued', actor: issuer, props, chain }, weight: 1 };
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
