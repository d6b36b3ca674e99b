import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { Aggregator } from '../../../dist/analyzers/aggregator.js';
import { Checkpointing } from '../../../dist/batch/checkpointing.js';
import { FoldStateFile } from '../../../dist/batch/foldState.js';
import { BatchProcessor } from '../../../dist/batch/processor.js';
import { CanonicalChain } from '../../../dist/chain/canonical.js';
import { Intake } from '../../../dist/chain/intake.js';
import { Environment } from '../../../dist/log/environment.js';
import { LmdbLog } from '../../../dist/log/lmdbLog.js';
import { Quarantine } from '../../../dist/log/quarantine.js';
import { SnapshotStore } from '../../../dist/snapshots/store.js';
import { afterwards, at, beforehand, change, left, wanted } from './at.mjs';

/** The fail points of the main thread. */
let rollback = false;
/** Notes that a rollback is under way. */
const noteRollbacks = ({ prototype }) =>
  change(
    prototype,
    'append',
    (append) =>
      function (entries) {
        if (entries.some(({ kind, canonical }) => kind === 'block' && !canonical)) rollback = true;
        return append.call(this, entries);
      },
  );

noteRollbacks(LmdbLog);

// LMDB: a commit is a record in a transaction.
change(
  Environment.prototype,
  'write',
  (write) =>
    async function (prepare) {
      let appends = false;
      const put =
        (commits) =>
        (...args) => {
          const done = commits.put(...args);
          appends = true;
          // The record is in the transaction, which is not committed.
          at('before the flush');
          if (rollback) at('in a rollback, before its flush');
          return done;
        };
      const done = await write.call(this, ({ commits, ...tables }) =>
        prepare({
          ...tables,
          commits: { get: (seq) => commits.get(seq), remove: (seq) => commits.remove(seq), put: put(commits) },
        }),
      );
      if (appends) at('after the flush');
      if (appends && rollback) at('in a rollback, after its flush');
      return done;
    },
);

// MongoDB: a commit is a document, durable when the server says so. The embedded store does not load the driver.
if (process.env.MONGODB_URI !== undefined) {
  const [{ Leases }, { MongoLog }, mongoose] = await Promise.all([
    import('../../../dist/log/leases.js'),
    import('../../../dist/log/mongoLog.js'),
    import('mongoose'),
  ]);
  noteRollbacks(MongoLog);
  afterwards(Leases.prototype, 'take', "at a term's beginning, with the lease alone");
  change(
    mongoose.default.Model,
    'insertOne',
    (insertOne) =>
      async function (document, ...args) {
        if (this.modelName !== 'Commit') return insertOne.call(this, document, ...args);
        at('before the flush');
        if (rollback) at('in a rollback, before its flush');
        const done = await insertOne.call(this, document, ...args);
        at('after the flush');
        if (rollback) at('in a rollback, after its flush');
        return done;
      },
  );
  change(
    MongoLog.prototype,
    'append',
    (append) =>
      async function (entries) {
        const position = await append.call(this, entries);
        if (entries.some(({ kind }) => kind === 'term')) at("at a term's beginning, with its entry in the log");
        return position;
      },
  );
}

afterwards(Intake.prototype, 'deliver', 'before the answer');

/** Whether the last look at a rescan has ended one that left blocks out: it is asked for every few seconds. */
let endedRescan = false;
change(
  CanonicalChain.prototype,
  'endRescan',
  (endRescan) =>
    function () {
      const decision = endRescan.call(this);
      endedRescan = decision.entries.length > 0;
      if (endedRescan) at('at the end of a rescan, before its flush');
      return decision;
    },
);
change(
  Intake.prototype,
  'endRescan',
  (endRescan) =>
    async function () {
      await endRescan.call(this);
      if (endedRescan) at('at the end of a rescan, after its flush');
    },
);

let starting = false;
change(
  BatchProcessor.prototype,
  'start',
  (start) =>
    function () {
      starting = true;
      return start.call(this).finally(() => (starting = false));
    },
);
change(
  Aggregator.prototype,
  'apply',
  (apply) =>
    function (changes) {
      const parts = apply.call(this, changes);
      if (starting) at('during start, in the fold of the log');
      else if (changes.some(({ weight }) => weight === -1)) at('in a rollback, as it is folded');
      else at('in a batch');
      return parts;
    },
);
afterwards(FoldStateFile.prototype, 'load', 'during start, after the checkpoint was read');
afterwards(Intake, 'open', 'during start, after the log was read');

// The facts of the same delivery are durable by then.
beforehand(Quarantine.prototype, 'addAll', 'in setting aside, before it is stored');
afterwards(Quarantine.prototype, 'addAll', 'in setting aside, after it was stored');

beforehand(SnapshotStore.prototype, 'put', 'in a snapshot, before it is stored');
afterwards(SnapshotStore.prototype, 'put', 'in a snapshot, after it was stored');
beforehand(SnapshotStore.prototype, 'saveProgress', 'in a snapshot, before the progress is stored');

/** A checkpoint beside the folding after so many entries: what a life is told would never come to 100,000. */
const ENTRIES_BETWEEN = 10;
let phaseOfCheckpoints = 'in a checkpoint beside folding';
change(
  Checkpointing.prototype,
  'folded',
  (folded) =>
    function (starting) {
      // One at the end has something left to write then, and the start of the next life something to fold.
      if (!/^(in a checkpoint,|during start)/.test(wanted)) this.least = ENTRIES_BETWEEN;
      return folded.call(this, starting);
    },
);
change(
  Checkpointing.prototype,
  'close',
  (close) =>
    async function () {
      phaseOfCheckpoints = 'in a checkpoint';
      return close.call(this);
    },
);

/** It is written beside, flushed and renamed. */
const isCheckpoint = (path) => /[\\/]checkpoint[\\/]/.test(String(path));
change(fs.promises, 'open', (open) => async (path, ...args) => {
  const file = await open(path, ...args);
  if (!isCheckpoint(path)) return file;
  change(file, 'writev', (writev) => async (parts, start) => {
    const point = `${phaseOfCheckpoints}, half written`;
    const data = Buffer.concat(parts);
    if (wanted === point && left === 1) fs.writeSync(file.fd, data, 0, data.length >> 1, start);
    at(point);
    return writev.call(file, parts, start);
  });
  return file;
});
change(fs.promises, 'rename', (rename) => async (from, to) => {
  if (isCheckpoint(to)) at(`${phaseOfCheckpoints}, before the rename`);
  await rename(from, to);
  if (isCheckpoint(to)) at(`${phaseOfCheckpoints}, after the rename`);
});
syncBuiltinESMExports();
