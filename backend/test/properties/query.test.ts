import fc from 'fast-check';
import { isoDate } from '../../src/analyzers/calendar.js';
import type { QueryAnswer } from '../../src/contract/index.js';
import type { LogEntry } from '../../src/log/log.js';
import type { Question } from '../../src/query/question.js';
import { nows } from '../generators/instants.js';
import { canonicalIn, logsAround } from '../generators/logs.js';
import { questionsAround } from '../generators/questions.js';
import { query } from '../reference/query.js';
import { withReaders } from '../support/readers.js';
import { expectSame } from './comparison.js';
import { inDirectory, withStore } from './store.js';

/**
 * The query call against the reference, while the log goes on and blocks come and go: the same questions are asked after
 * every few commits, so that an answer that was kept for too long shows, and so does a table that was not brought up.
 */

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(240_000);

interface Case {
  /** Commits between two times of asking. */
  readonly steps: LogEntry[][][];
  readonly questions: Question[];
}

const cases: fc.Arbitrary<Case> = nows.chain((now) =>
  fc
    .record({
      commits: logsAround(now),
      questions: fc.array(questionsAround(now), { minLength: 12, maxLength: 12 }),
      size: fc.integer({ min: 2, max: 5 }),
    })
    .map(({ commits, questions, size }) => {
      const length = Math.max(1, Math.ceil(commits.length / size));
      const steps = Array.from({ length: size }, (_, index) => commits.slice(index * length, (index + 1) * length));
      return { steps, questions };
    }),
);

const expected = (entries: readonly LogEntry[], { range, ...question }: Question) =>
  query(canonicalIn(entries), { ...question, range: { from: isoDate(range.from), to: isoDate(range.to) } });

describe('answers of the query call', () => {
  it('equal the reference for any log, metric, grouping, filter and comparison, however often they are asked', async () => {
    await fc.assert(
      fc.asyncProperty(cases, ({ steps, questions }) =>
        withStore(({ log }) =>
          inDirectory((dir) =>
            withReaders(dir, log, async ({ queries, fold, position }) => {
              const seen: LogEntry[] = [];
              for (const commits of steps) {
                for (const entries of commits) await log.append(entries);
                seen.push(...commits.flat());
                await fold();
                const answers = await Promise.all(questions.map((question) => queries.query(question)));
                for (const [index, answer] of answers.entries()) {
                  const question = questions[index];
                  if (question === undefined) continue;
                  const { timestamp: _timestamp, seq, ...told } = JSON.parse(answer) as QueryAnswer;
                  expect(seq).toBe(position());
                  expectSame(told, expected(seen, question));
                }
              }
            }),
          ),
        ),
      ),
      // Making a failure smaller would take as long again for every try.
      { numRuns: 12, endOnFailure: true },
    );
  });
});
