import {
  CHAIN_METRICS,
  MAX_NO_DATA_MINUTES,
  UNRECORDED_METRICS,
  type AlertChanges,
  type AlertCondition,
  type AlertMetric,
  type AlertSettings,
} from '../contract/index.js';

/**
 * What an admin has set: the settings that the API shows, and where the webhook goes, which it does not. Pure. What the
 * schema cannot say of one field, because it depends on another, is checked here.
 */
export interface Webhook {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

export interface AlertRule extends AlertSettings {
  readonly id: string;
  readonly createdAtMs: number;
  readonly webhook: Webhook | null;
}

/** A setting that is refused, and what it may be. */
export interface WrongSetting {
  readonly field: string;
  readonly message: string;
}

const PERCENT: ReadonlySet<AlertCondition> = new Set<AlertCondition>(['rises', 'falls']);
const CONDITIONS: Partial<Record<AlertMetric, readonly AlertCondition[]>> = {
  ...Object.fromEntries(CHAIN_METRICS.map((metric) => [metric, ['above', 'below']])),
  ...Object.fromEntries(UNRECORDED_METRICS.map((metric) => [metric, ['above', 'below', 'noData']])),
};

/** What of the settings does not go together; empty when all does. */
export function wrongSettings({ metric, condition, threshold, clearAt }: AlertSettings): WrongSetting[] {
  const wrong: WrongSetting[] = [];
  const possible = CONDITIONS[metric];
  if (possible !== undefined && !possible.includes(condition))
    wrong.push({ field: 'condition', message: `must be one of ${possible.join(', ')} for ${metric}` });
  if (condition === 'noData') {
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > MAX_NO_DATA_MINUTES)
      wrong.push({
        field: 'threshold',
        message: `must be a whole number of minutes from 1 to ${MAX_NO_DATA_MINUTES} for noData`,
      });
    if (clearAt !== null) wrong.push({ field: 'clearAt', message: 'must be null for noData: the next fact ends it' });
  } else if (clearAt !== null && (condition === 'below' ? clearAt < threshold : clearAt > threshold)) {
    const side = condition === 'below' ? 'at least' : 'at most';
    wrong.push({ field: 'clearAt', message: `must be ${side} the threshold of ${threshold} for ${condition}` });
  }
  return wrong;
}

/** The settings alone, whatever else came with them. */
export function settingsOf(given: AlertSettings): AlertSettings {
  const { name, metric, window, days, hours, condition, threshold, clearAt } = given;
  const { forSeconds, clearForSeconds, enabled, silencedUntil, quietHours } = given;
  return {
    ...{ name: name.trim(), metric, window, days, hours, condition, threshold, clearAt },
    ...{ forSeconds, clearForSeconds, enabled, silencedUntil, quietHours },
  };
}

/** The settings with those that `changes` names changed. */
export const changed = (rule: AlertRule, changes: AlertChanges): AlertSettings => {
  const { webhookUrl: _url, webhookSecret: _secret, ...settings } = changes;
  return settingsOf({ ...settingsOf(rule), ...settings });
};

/** What is watched for: of two that differ in it, what became of the one says nothing of the other. */
export const watchedBy = ({ metric, window, days, hours, condition, enabled }: AlertSettings): string =>
  [metric, window, days, hours, condition, enabled].join(' ');

export const isPercent = (condition: AlertCondition): boolean => PERCENT.has(condition);
