export * from './primitives.js';
export * from './metrics.js';
export * from './snapshots.js';
export * from './activity.js';
export * from './chain.js';
export * from './realtime.js';
export * from './problem.js';
export * from './cursor.js';
