import type { Alert } from '../contract/index.js';
import type { Armed } from './evaluation.js';
import { alertMessage } from './message.js';
import { settingsOf } from './rule.js';
import { isSilenced } from './silence.js';

/** An alert as the API shows it: without the path of its webhook, which may be a key, and without its secret. */
export function shownAlert({ rule, state, figure, evaluatedMs }: Armed, nowMs: number): Alert {
  return {
    id: rule.id,
    ...settingsOf(rule),
    webhook: rule.webhook && { host: new URL(rule.webhook.url).host },
    createdAt: iso(rule.createdAtMs),
    phase: state.phase,
    since: state.sinceMs === null ? null : iso(state.sinceMs),
    silenced: isSilenced(rule, nowMs),
    value: figure,
    evaluatedAt: evaluatedMs === null ? null : iso(evaluatedMs),
    message: alertMessage(rule, figure),
  };
}

/** Firing first, then by name. */
export function inOrder(alerts: readonly Alert[]): Alert[] {
  const rank = ({ phase }: Alert): number => Number(phase !== 'firing');
  return [...alerts].sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name) || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const iso = (ms: number): string => new Date(ms).toISOString();
