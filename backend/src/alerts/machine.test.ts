import fc from 'fast-check';
import type { Judgement } from './judge.js';
import { INITIAL, step, type AlertState } from './machine.js';

type Verdict = Judgement['verdict'];

const AT_ONCE = { forSeconds: 0, clearForSeconds: 0 };
const PATIENT = { forSeconds: 60, clearForSeconds: 120 };

/** `phase@second` after each `[second, verdict]`. */
function course(rule: typeof AT_ONCE, ...seen: (readonly [number, Verdict])[]): string[] {
  let state = INITIAL;
  return seen.map(([second, verdict]) => {
    state = step(rule, state, verdict, second * 1000);
    return `${state.phase}${state.incidents > 0 ? ` ${state.incidents}` : ''}`;
  });
}

describe('the course of an alert', () => {
  it('fires at once and is resolved at once when no patience is asked for', () => {
    expect(course(AT_ONCE, [0, 'calm'], [1, 'breached'], [2, 'calm'], [3, 'breached'])).toEqual([
      'ok',
      'firing 1',
      'resolved 1',
      'firing 2',
    ]);
  });

  it('fires only after the condition held for its time without a break', () => {
    expect(
      course(
        PATIENT,
        [0, 'breached'],
        [59, 'breached'],
        [60, 'between'],
        [61, 'breached'],
        [120, 'breached'],
        [121, 'breached'],
      ),
    ).toEqual(['pending', 'pending', 'ok', 'pending', 'pending', 'firing 1']);
  });

  it('stays firing between threshold and clear threshold, and until it was calm for its time without a break', () => {
    const fires = [
      [0, 'breached'],
      [60, 'breached'],
    ] as const;
    expect(
      course(
        PATIENT,
        ...fires,
        [70, 'between'],
        [80, 'calm'],
        [199, 'between'],
        [200, 'calm'],
        [319, 'calm'],
        [320, 'calm'],
      ),
    ).toEqual(['pending', 'firing 1', 'firing 1', 'firing 1', 'firing 1', 'firing 1', 'firing 1', 'resolved 1']);
  });

  it('neither fires nor ends on what cannot be told', () => {
    expect(course(AT_ONCE, [0, 'unknown'], [1, 'breached'], [2, 'unknown'])).toEqual(['ok', 'firing 1', 'firing 1']);
  });
});

const verdicts = fc.constantFrom<Verdict>('breached', 'between', 'calm', 'unknown');
const seconds = fc.integer({ min: 0, max: 300 });
const rules = fc.record({ forSeconds: seconds, clearForSeconds: seconds });
const looks = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), verdicts), { maxLength: 60 });

/** Every state, with when it was looked at and what was seen. */
function played(rule: typeof AT_ONCE, steps: readonly (readonly [number, Verdict])[]) {
  let [state, nowMs] = [INITIAL, 0];
  return steps.map(([wait, verdict]) => {
    const before: AlertState = state;
    nowMs += wait * 1000;
    state = step(rule, before, verdict, nowMs);
    return { before, state, verdict, nowMs };
  });
}

/** For how long nothing but `wanted` (or nothing that can be told) was seen when the story came to `index`, in ms. */
function heldMs(story: ReturnType<typeof played>, index: number, wanted: Verdict): number {
  const seen = story.slice(0, index + 1).filter(({ verdict }) => verdict !== 'unknown');
  const other = seen.findLastIndex(({ verdict }) => verdict !== wanted);
  return (story[index]?.nowMs ?? 0) - (seen[other + 1]?.nowMs ?? Infinity);
}

it('fires only after at least its time of nothing calm, and ends only after at least its time of nothing breached', () => {
  fc.assert(
    fc.property(rules, looks, (rule, steps) => {
      const story = played(rule, steps);
      const turns = story.map((turn, index) => ({ ...turn, index }));
      const fired = turns.filter(({ before, state }) => before.phase !== 'firing' && state.phase === 'firing');
      const ended = turns.filter(({ before, state }) => before.phase === 'firing' && state.phase !== 'firing');
      for (const { index } of fired)
        expect(heldMs(story, index, 'breached')).toBeGreaterThanOrEqual(rule.forSeconds * 1000);
      for (const { index } of ended)
        expect(heldMs(story, index, 'calm')).toBeGreaterThanOrEqual(rule.clearForSeconds * 1000);
      expect(fired.map(({ state }) => state.incidents)).toEqual(fired.map((_, index) => index + 1));
      expect(ended.every(({ state }) => state.phase === 'resolved')).toBe(true);
    }),
  );
});

it('goes on after a restart as if there had been none', () => {
  fc.assert(
    fc.property(rules, looks, (rule, steps) => {
      let state = INITIAL;
      for (const { verdict, nowMs, state: expected } of played(rule, steps)) {
        state = step(rule, JSON.parse(JSON.stringify(state)) as AlertState, verdict, nowMs);
        expect(state).toEqual(expected);
      }
    }),
  );
});
