import { Type, type Static } from '@sinclair/typebox';
import { Nullable } from './primitives.js';

/** Who a browser is to the service; the cookie that says so cannot be read by the page itself. */
export const SessionRole = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('admin'),
  Type.Literal('chainhook'),
  Type.Literal('write'),
]);

export const Session = Type.Object({
  role: Nullable(SessionRole),
});
export type Session = Static<typeof Session>;
