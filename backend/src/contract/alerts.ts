import { Type, type Static } from '@sinclair/typebox';
import { Count, Nullable, Timestamp } from './primitives.js';
import { HEADLINE_METRICS } from './metrics.js';

/**
 * Alerts: a condition on one metric, what became of it, and what was sent about it. What each condition means is in
 * `docs/alerts.md`. Webhooks carry `AlertMessage`, signed as Standard Webhooks says.
 */

/** Numbers as of now: those of a snapshot and the core metrics that belong to no period. */
export const STANDING_METRICS = [
  'totalBadgesIssued',
  'totalUsers',
  'totalCommunities',
  'averageBadgesPerUser',
  'averageBadgesPerCommunity',
  'engagementRate',
  'retentionRate',
] as const;
export type StandingMetric = (typeof STANDING_METRICS)[number];
/** Numbers as of now that no snapshot keeps: there is nothing to hold a change against. */
export const UNRECORDED_METRICS = ['activeBadges', 'totalMembers'] as const;
export type UnrecordedMetric = (typeof UNRECORDED_METRICS)[number];
/** How the chain side stands; `chainStalled` is 1 while it is stalled, else 0. */
export const CHAIN_METRICS = ['chainLagMinutes', 'chainStalled', 'unprovenBlocks', 'quarantinedItems'] as const;
/** `HEADLINE_METRICS` are counted over the alert's window. */
export const ALERT_METRICS = [
  ...HEADLINE_METRICS,
  ...STANDING_METRICS,
  ...UNRECORDED_METRICS,
  ...CHAIN_METRICS,
] as const;
export type AlertMetric = (typeof ALERT_METRICS)[number];

export const ALERT_CONDITIONS = ['above', 'below', 'rises', 'falls', 'noData'] as const;
export type AlertCondition = (typeof ALERT_CONDITIONS)[number];
export const ALERT_WINDOWS = ['lastHours', 'today', 'thisWeek', 'thisMonth', 'lastDays', 'fullDays'] as const;
export type AlertWindow = (typeof ALERT_WINDOWS)[number];
export const ALERT_PHASES = ['ok', 'pending', 'firing', 'resolved'] as const;

const oneOf = <T extends string>(values: readonly T[], options: object = {}) =>
  Type.Union(
    values.map((value) => Type.Literal(value)),
    options,
  );

const DAY_SECONDS = 86_400;
export const MAX_WINDOW_DAYS = 365;
/** A week. */
export const MAX_WINDOW_HOURS = 168;
export const MAX_QUIET_HOURS = 10;
/** 30 days. */
export const MAX_NO_DATA_MINUTES = 43_200;

const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM, UTC' });
export const QuietHours = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, uniqueItems: true }),
    from: TimeOfDay,
    to: TimeOfDay,
  },
  {
    additionalProperties: false,
    description:
      'Days of the week (1 Monday to 7 Sunday) on which the time begins; `to` before `from` is on the next day',
  },
);
export type QuietHours = Static<typeof QuietHours>;

/** What an admin sets, but for the webhook. */
const SETTINGS = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  metric: oneOf(ALERT_METRICS),
  window: oneOf(ALERT_WINDOWS, {
    default: 'today',
    description:
      'What a count is over: `lastHours` ends now, the others are UTC days; `lastDays` ends with today, `fullDays` with yesterday',
  }),
  days: Type.Integer({ minimum: 1, maximum: MAX_WINDOW_DAYS, default: 7, description: 'Of `lastDays` and `fullDays`' }),
  hours: Type.Integer({ minimum: 1, maximum: MAX_WINDOW_HOURS, default: 1, description: 'Of `lastHours`' }),
  condition: oneOf(ALERT_CONDITIONS),
  threshold: Type.Number({
    minimum: 0,
    maximum: 1e15,
    description: 'For `above` and `below` a value, for `rises` and `falls` a change in %, for `noData` minutes',
  }),
  clearAt: Type.Union([Type.Number({ minimum: 0, maximum: 1e15 }), Type.Null()], {
    default: null,
    description: 'Where a firing alert is over: on the calm side of `threshold`; null: at `threshold`',
  }),
  forSeconds: Type.Integer({
    minimum: 0,
    maximum: DAY_SECONDS,
    default: 0,
    description: 'How long the condition must hold before the alert fires',
  }),
  clearForSeconds: Type.Integer({
    minimum: 0,
    maximum: DAY_SECONDS,
    default: 300,
    description: 'How long it must be over before a firing alert is resolved',
  }),
  enabled: Type.Boolean({ default: true, description: 'False: it is not evaluated' }),
  silencedUntil: Type.Union([Timestamp, Type.Null()], {
    default: null,
    description: 'Until then no webhook is sent when it fires',
  }),
  quietHours: Type.Array(QuietHours, {
    maxItems: MAX_QUIET_HOURS,
    default: [],
    description: 'When no webhook is sent, every week',
  }),
};

/** Whether and whereto it is sent. Neither is ever shown again: a webhook's path is often its key. */
const WEBHOOK = {
  webhookUrl: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 2_000 }), Type.Null()], {
      description: 'http or https; null: none',
    }),
  ),
  webhookSecret: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
      description: '`whsec_` and 24 to 64 bytes in base64; made and answered once when left out',
    }),
  ),
};

export const AlertSettings = Type.Object(SETTINGS);
export type AlertSettings = Static<typeof AlertSettings>;

export const NewAlert = Type.Object({ ...SETTINGS, ...WEBHOOK }, { additionalProperties: false });
export type NewAlert = Static<typeof NewAlert>;

/** Without defaults: what is left out stays as it is. */
const withoutDefault = ({ default: _default, ...schema }: Record<string, unknown>) => schema;
const CHANGES = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, schema]) => [name, withoutDefault(schema)]),
) as typeof SETTINGS;
export const AlertChanges = Type.Object(
  { ...Type.Partial(Type.Object(CHANGES)).properties, ...WEBHOOK },
  { additionalProperties: false, minProperties: 1 },
);
export type AlertChanges = Static<typeof AlertChanges>;

export const Alert = Type.Object({
  id: Type.String(),
  ...SETTINGS,
  webhook: Nullable(Type.Object({ host: Type.String({ description: 'Host and port that it is sent to' }) })),
  createdAt: Timestamp,
  phase: oneOf(ALERT_PHASES),
  since: Nullable(Timestamp),
  silenced: Type.Boolean({ description: 'True while no webhook would be sent' }),
  value: Nullable(
    Type.Number({ description: 'What is held against `threshold`, when last looked at; null: not known (yet)' }),
  ),
  evaluatedAt: Nullable(Timestamp),
  message: Type.String({ description: 'The condition and how it stands, for a person' }),
});
export type Alert = Static<typeof Alert>;

export const AlertList = Type.Object({
  alerts: Type.Array(Alert, { description: 'Firing first, then by name; 100 at most' }),
});
export type AlertList = Static<typeof AlertList>;

export const SavedAlert = Type.Object({
  alert: Alert,
  webhookSecret: Nullable(Type.String({ description: 'Of a secret that was made just now; it is not shown again' })),
});
export type SavedAlert = Static<typeof SavedAlert>;

export const ALERT_EVENTS = ['firing', 'resolved'] as const;
export const DELIVERY_STATUSES = ['pending', 'silenced', 'delivered', 'failed', 'dropped'] as const;

/** What is told over Socket.IO and in the history. */
const HAPPENING = {
  alertId: Type.String(),
  name: Type.String(),
  event: oneOf(ALERT_EVENTS),
  at: Timestamp,
  incident: Type.Integer({ minimum: 1, description: 'Counts the times that this alert fired' }),
  metric: oneOf(ALERT_METRICS),
  condition: oneOf(ALERT_CONDITIONS),
  threshold: Type.Number(),
  value: Nullable(Type.Number()),
  message: Type.String(),
  silenced: Type.Boolean(),
};
export const AlertNotice = Type.Object(HAPPENING);
export type AlertNotice = Static<typeof AlertNotice>;

export const AlertHistoryItem = Type.Object({
  id: Type.String(),
  ...HAPPENING,
  delivery: Nullable(
    Type.Object({
      status: oneOf(DELIVERY_STATUSES),
      attempts: Count,
      lastAttemptAt: Nullable(Timestamp),
      nextAttemptAt: Nullable(Timestamp),
      error: Nullable(Type.String()),
    }),
  ),
});
export type AlertHistoryItem = Static<typeof AlertHistoryItem>;

export const AlertHistory = Type.Object({ items: Type.Array(AlertHistoryItem), next: Nullable(Type.String()) });
export type AlertHistory = Static<typeof AlertHistory>;

/** The body of a webhook. */
export const AlertMessage = Type.Object({
  type: Type.Union([Type.Literal('alert.firing'), Type.Literal('alert.resolved'), Type.Literal('alert.test')]),
  timestamp: Timestamp,
  data: AlertNotice,
});
export type AlertMessage = Static<typeof AlertMessage>;

export const WebhookTest = Type.Object({
  delivered: Type.Boolean(),
  error: Nullable(Type.String({ description: 'Why not, for a person' })),
});
export type WebhookTest = Static<typeof WebhookTest>;
