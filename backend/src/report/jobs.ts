import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isoDate, type DayRange } from '../analyzers/calendar.js';
import { BusyError } from '../chain/gate.js';
import type { QueryFilters, ReportJob } from '../contract/index.js';
import type { OnStep, ReportFigures } from './document.js';

/** What a report is of. */
export interface AskedReport {
  readonly range: DayRange;
  /** Each value once, in one order; empty: of everything. */
  readonly filters: QueryFilters;
}

/**
 * Reports under way and done. One is drawn at a time, between its parts everyone else has a turn; so many wait, so many
 * are kept, and each is forgotten an hour after it was asked for. Asking again for the same days, filters and log is
 * answered with the same job. Nothing of it outlives the process: a report can always be made again.
 */
export interface ReportJobsOptions {
  /** The numbers of the period as of now. */
  readonly figures: (asked: AskedReport) => ReportFigures | Promise<ReportFigures>;
  readonly seq: () => number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** Draws; replaced by tests of the waiting line. */
  readonly draw?: (figures: ReportFigures, onStep: OnStep) => Promise<Buffer>;
}

/** Reports that wait for their turn; one more is refused with 503. */
export const MAX_WAITING = 10;
/** Done and failed ones that are kept, some 150 kB each; the oldest goes first. */
export const MAX_KEPT = 50;
const LIFE_MS = 3_600_000;
const ID_BYTES = 12;

interface Job extends AskedReport {
  readonly id: string;
  readonly askedSeq: number;
  readonly createdAtMs: number;
  status: ReportJob['status'];
  progress: number;
  step: string;
  seq: number | null;
  pdf: Buffer | undefined;
}

export class ReportJobs {
  /** Oldest first. */
  readonly #jobs = new Map<string, Job>();
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: ReportJobsOptions) {}

  /** @throws {BusyError} when too many wait already */
  create({ range, filters }: AskedReport): ReportJob {
    this.#forget();
    const askedSeq = this.options.seq();
    const all = [...this.#jobs.values()];
    const same = all.find(
      (job) => isSame(job, { range, filters }) && job.askedSeq === askedSeq && job.status !== 'failed',
    );
    if (same !== undefined) return this.#shown(same);
    if (all.filter(({ status }) => status === 'waiting').length >= MAX_WAITING)
      throw new BusyError(`${MAX_WAITING} reports wait already`);
    const job: Job = {
      ...{ id: randomBytes(ID_BYTES).toString('base64url'), range, filters, askedSeq },
      createdAtMs: this.options.clock(),
      ...{ status: 'waiting', progress: 0, step: 'Waiting', seq: null, pdf: undefined },
    };
    this.#jobs.set(job.id, job);
    this.#running = this.#running.then(() => this.#run(job));
    return this.#shown(job);
  }

  /** Undefined: there is no such job, or it has expired. */
  get(id: string): ReportJob | undefined {
    this.#forget();
    const job = this.#jobs.get(id);
    return job && this.#shown(job);
  }

  /** The PDF; undefined until the job is done. */
  file(id: string): Buffer | undefined {
    this.#forget();
    return this.#jobs.get(id)?.pdf;
  }

  /** Ends after the part that is being drawn. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Never throws. */
  async #run(job: Job): Promise<void> {
    const { figures, clock, logger, draw = drawReport } = this.options;
    const startedMs = clock();
    try {
      Object.assign(job, { status: 'running', step: 'Reading the numbers' });
      const read = await figures({ range: job.range, filters: job.filters });
      job.seq = read.seq;
      job.pdf = await draw(read, async (step, progress) => {
        if (this.#stopped) throw new Error('the service ends');
        Object.assign(job, { step, progress });
        await nextTurn();
      });
      Object.assign(job, { status: 'done', step: 'Done', progress: 100 });
      logger.info({ bytes: job.pdf.length, durationMs: clock() - startedMs }, 'report made');
    } catch (error) {
      Object.assign(job, { status: 'failed', step: 'It could not be made' });
      if (!this.#stopped) logger.error({ err: error }, 'report could not be made');
    }
  }

  #forget(): void {
    const ended = [...this.#jobs.values()].filter(({ status }) => status === 'done' || status === 'failed');
    const surplus = ended.length - MAX_KEPT;
    const expiredMs = this.options.clock() - LIFE_MS;
    for (const [index, job] of ended.entries())
      if (index < surplus || job.createdAtMs <= expiredMs) this.#jobs.delete(job.id);
  }

  #shown({ id, range, filters, status, progress, step, seq, createdAtMs }: Job): ReportJob {
    return {
      ...{ id, from: isoDate(range.from), to: isoDate(range.to), filters, status, progress, step, seq },
      createdAt: new Date(createdAtMs).toISOString(),
      expiresAt: new Date(createdAtMs + LIFE_MS).toISOString(),
      file: status === 'done' ? `/api/reports/${id}/file` : null,
    };
  }
}

/** What draws is loaded with the first report: few starts see one, and it would take a sixth of each start's time. */
async function drawReport(figures: ReportFigures, onStep: OnStep): Promise<Buffer> {
  const document = await import('./document.js');
  return document.drawReport(figures, onStep);
}

const isSame = (a: AskedReport, b: AskedReport): boolean =>
  a.range.from === b.range.from && a.range.to === b.range.to && JSON.stringify(a.filters) === JSON.stringify(b.filters);
