import { change } from '../analyzers/numbers.js';
import type { AlertSettings } from '../contract/index.js';

/** Whether a condition holds, told from what is read of its metric. Pure. */
export interface Reading {
  /** Null: not known, as the age of the tip before the first block. */
  readonly value: number | null;
  /** Of the period before; null: not known. */
  readonly previous: number | null;
  /** Time of the latest fact that the metric is counted from, in ms; null: there is none; undefined: not known (yet). */
  readonly lastFactMs: number | null | undefined;
}

export interface Judgement {
  /** What is held against the threshold: a value, a change in %, or minutes. Null: it cannot be told. */
  readonly figure: number | null;
  /** `calm` is beyond the threshold for clearing; `between` is neither, and changes nothing for a firing alert. */
  readonly verdict: 'breached' | 'between' | 'calm' | 'unknown';
}

const MS_PER_MINUTE = 60_000;

/** @param sinceMs since when the alert is there: silence that nobody could have heard begins with it */
export function judge(
  { condition, threshold, clearAt }: Pick<AlertSettings, 'condition' | 'threshold' | 'clearAt'>,
  { value, previous, lastFactMs }: Reading,
  sinceMs: number,
  nowMs: number,
): Judgement {
  const clear = clearAt ?? threshold;
  switch (condition) {
    case 'above':
      return verdict(
        value,
        (figure) => figure > threshold,
        (figure) => figure <= clear,
      );
    case 'below':
      return verdict(
        value,
        (figure) => figure < threshold,
        (figure) => figure >= clear,
      );
    case 'rises':
      return verdict(
        changeOf(value, previous),
        (figure) => figure > threshold,
        (figure) => figure <= clear,
      );
    case 'falls':
      return verdict(
        changeOf(value, previous),
        (figure) => -figure > threshold,
        (figure) => -figure <= clear,
      );
    case 'noData': {
      // A block's time may lie a little ahead of our clock.
      const minutes = Math.max(0, Math.floor((nowMs - (lastFactMs ?? sinceMs)) / MS_PER_MINUTE));
      return verdict(
        lastFactMs === undefined ? null : minutes,
        (figure) => figure >= threshold,
        (figure) => figure < threshold,
      );
    }
  }
}

const changeOf = (value: number | null, previous: number | null): number | null =>
  value === null || previous === null ? null : change(value, previous);

function verdict(
  figure: number | null,
  isBreached: (figure: number) => boolean,
  isCalm: (figure: number) => boolean,
): Judgement {
  if (figure === null) return { figure, verdict: 'unknown' };
  return { figure, verdict: isBreached(figure) ? 'breached' : isCalm(figure) ? 'calm' : 'between' };
}
