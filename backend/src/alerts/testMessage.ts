import type { AlertMessage } from '../contract/index.js';
import type { Armed } from './evaluation.js';
import { shownAlert } from './shown.js';

/** What an alert would send if it fired now, marked as a test; it is sent also while the alert is silenced. */
export function testMessage(armed: Armed, nowMs: number): AlertMessage {
  const { id: alertId, name, metric, condition, threshold } = armed.rule;
  const at = new Date(nowMs).toISOString();
  const { message } = shownAlert(armed, nowMs);
  return {
    type: 'alert.test',
    timestamp: at,
    data: {
      ...{ alertId, name, event: 'firing', at, incident: Math.max(1, armed.state.incidents) },
      ...{ metric, condition, threshold, value: armed.figure, message, silenced: false },
    },
  };
}
