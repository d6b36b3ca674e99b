import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** ESM sources are compiled to CommonJS for jest; `.js` in an import path names the `.ts` beside it. */
const swc = [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: 'typescript', tsx: true } }, module: { type: 'commonjs' } },
];
const shared = {
  // Not in memory that is given back after a run (`scripts/ci/scratch.mjs`): what was compiled is used by the next one.
  cacheDirectory: join(process.env.TMPDIR_ON_DISK ?? tmpdir(), 'passportx-jest'),
  transform: { '^.+\\.(t|j)sx?$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: ['/node_modules/(?!(p-queue|p-timeout|eventemitter3|any-ascii)/)'],
  testEnvironment: 'node',
};

export default {
  testTimeout: 120_000,
  // One for each processor: jest would leave one of two idle, and with more the services under test miss their leases.
  maxWorkers: availableParallelism(),
  testSequencer: './scripts/ci/longestFirst.js',
  projects: [
    { ...shared, displayName: 'backend', roots: ['<rootDir>/backend'], testMatch: ['**/*.test.ts'] },
    {
      ...shared,
      displayName: 'scripts',
      roots: ['<rootDir>/scripts', '<rootDir>/chainhooks'],
      testMatch: ['**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'frontend',
      roots: ['<rootDir>/frontend/src'],
      testMatch: ['**/*.test.ts', '**/*.test.tsx'],
    },
    { ...shared, displayName: 'browser', roots: ['<rootDir>/frontend/test'], testMatch: ['**/*.test.ts'] },
  ],
};
