import type { Random } from './random.js';

/** When things happen: more from month to month, less at weekends, most in the afternoon (UTC). */
export const DAY_SEC = 86_400;

/** Transactions of a usual weekday at the beginning and at the end of the history. */
const FIRST_DAY = 28;
const LAST_DAY = 90;
/** Sunday first, as `getUTCDay` counts. */
const WEEKDAYS = [0.55, 1.05, 1.15, 1.2, 1.1, 0.95, 0.6];
const HOURS = [6, 5, 5, 4, 4, 5, 6, 8, 11, 14, 17, 19, 22, 26, 30, 33, 31, 27, 22, 18, 15, 12, 10, 8];
/** What happens within so many seconds goes into one block. */
const BLOCK_SEC = 300;

export interface Slot {
  /** Time of the block in seconds since the epoch. */
  readonly timeSec: number;
  readonly transactions: number;
}

/** The blocks of the history from `startSec` (a midnight, UTC) up to `nowSec`, in order. */
export function rhythm(random: Random, startSec: number, nowSec: number): Slot[] {
  const perBlock = new Map<number, number>();
  const days = (nowSec - startSec) / DAY_SEC;
  for (let day = 0; day < days; day++) {
    const midnight = startSec + day * DAY_SEC;
    const growth = FIRST_DAY + (LAST_DAY - FIRST_DAY) * (day / days) ** 1.3;
    const weekday = WEEKDAYS[new Date(midnight * 1_000).getUTCDay()] ?? 1;
    const count = Math.round(growth * weekday * (0.8 + 0.4 * random.next()));
    for (let i = 0; i < count; i++) {
      const hour = random.weighted([...HOURS.keys()], (each) => HOURS[each] ?? 0) ?? 0;
      const timeSec = midnight + hour * 3_600 + random.whole(0, 3_599);
      const block = timeSec - (timeSec % BLOCK_SEC) + BLOCK_SEC;
      if (block < nowSec) perBlock.set(block, (perBlock.get(block) ?? 0) + 1);
    }
  }
  return [...perBlock].sort(([a], [b]) => a - b).map(([timeSec, transactions]) => ({ timeSec, transactions }));
}
