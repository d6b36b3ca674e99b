import type { AlertSettings } from '../contract/index.js';
import type { Judgement } from './judge.js';

/**
 * The course of an alert: ok → pending → firing → resolved, and pending or firing again. Pure: the next state follows from
 * the one before, the verdict and the time. What cannot be told changes nothing, so an alert neither fires nor ends on it.
 */
export interface AlertState {
  readonly phase: 'ok' | 'pending' | 'firing' | 'resolved';
  /** When the phase began, in ms; null before anything was. */
  readonly sinceMs: number | null;
  /** Since when a firing alert has been calm without a break. */
  readonly calmSinceMs: number | null;
  /** How often it fired: the number of the incident that is or was. */
  readonly incidents: number;
  /** Whether the webhook was told of the incident: then it is told of the end too. */
  readonly told: boolean;
}

export const INITIAL: AlertState = { phase: 'ok', sinceMs: null, calmSinceMs: null, incidents: 0, told: false };

/** @returns `state` itself when nothing changed */
export function step(
  { forSeconds, clearForSeconds }: Pick<AlertSettings, 'forSeconds' | 'clearForSeconds'>,
  state: AlertState,
  verdict: Judgement['verdict'],
  nowMs: number,
): AlertState {
  if (verdict === 'unknown') return state;
  switch (state.phase) {
    case 'ok':
    case 'resolved':
      if (verdict !== 'breached') return state;
      return forSeconds === 0 ? fired(state, nowMs) : { ...state, phase: 'pending', sinceMs: nowMs };
    case 'pending':
      if (verdict !== 'breached') return { ...state, phase: 'ok', sinceMs: nowMs };
      return nowMs - (state.sinceMs ?? nowMs) >= forSeconds * 1000 ? fired(state, nowMs) : state;
    case 'firing': {
      if (verdict !== 'calm') return state.calmSinceMs === null ? state : { ...state, calmSinceMs: null };
      const calmSinceMs = state.calmSinceMs ?? nowMs;
      if (nowMs - calmSinceMs >= clearForSeconds * 1000)
        return { ...state, phase: 'resolved', sinceMs: nowMs, calmSinceMs: null };
      return state.calmSinceMs === null ? { ...state, calmSinceMs } : state;
    }
  }
}

const fired = ({ incidents }: AlertState, nowMs: number): AlertState => ({
  phase: 'firing',
  sinceMs: nowMs,
  calmSinceMs: null,
  incidents: incidents + 1,
  told: false,
});
