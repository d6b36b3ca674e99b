import { pino } from 'pino';

/** For scripts that run parts of the service: what goes wrong is said on stderr, beside what they print. */
export const warnings = pino({ level: 'warn' }, pino.destination(2));
