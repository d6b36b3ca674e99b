import type { WrongSetting } from './rule.js';
import { MAX_ALERTS } from './store.js';

/** Why an alert is not taken. */

/** Settings that do not go together or cannot be used. */
export class WrongAlertError extends Error {
  override readonly name = 'WrongAlertError';

  constructor(readonly wrong: readonly WrongSetting[]) {
    super(wrong.map(({ field, message }) => `${field} ${message}`).join('; '));
  }
}

/** There is no room for one more. */
export class TooManyAlertsError extends Error {
  override readonly name = 'TooManyAlertsError';

  constructor() {
    super(`there are ${MAX_ALERTS} alerts, which is the limit: delete one first`);
  }
}
