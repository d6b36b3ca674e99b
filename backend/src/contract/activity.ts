import { Type, type Static } from '@sinclair/typebox';
import { FACT_TYPES } from '../events/fact.js';
import { Nullable, Timestamp } from './primitives.js';

export const FactTypeName = Type.Union(FACT_TYPES.map((type) => Type.Literal(type)));

export const ActivityItem = Type.Object({
  id: Type.String(),
  type: FactTypeName,
  at: Timestamp,
  actor: Type.String({ description: 'Who did it' }),
  subject: Type.Optional(Type.String({ description: 'Whom it happened to: recipient, member, new owner, user' })),
  badgeId: Type.Optional(Type.String({ description: 'Of the one badge that was issued' })),
  templateId: Type.Optional(Type.String({ description: 'Of the badge, as the lists of badges have it' })),
  badgeName: Type.Optional(Type.String({ description: "The template's name" })),
  communityId: Type.Optional(Type.String()),
  communityName: Type.Optional(Type.String()),
  height: Type.Optional(Type.Integer()),
  txId: Type.Optional(Type.String()),
  retracted: Type.Boolean({ description: 'True when its block is not canonical: it does not count' }),
});
export type ActivityItem = Static<typeof ActivityItem>;

export const ActivityPage = Type.Object({ items: Type.Array(ActivityItem), next: Nullable(Type.String()) });
export type ActivityPage = Static<typeof ActivityPage>;
