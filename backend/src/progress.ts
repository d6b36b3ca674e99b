import { SingleBar } from 'cli-progress';

/**
 * Shows on the terminal how far `work` has got, in log entries of `head`. @param name of what is done, 10 letters at most.
 * A file or a pipe gets a line now and then instead of a bar that redraws itself.
 */
export async function withProgress<T>(
  name: string,
  head: number,
  work: (reached: (seq: number) => void) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${name.padEnd(10)} [{bar}] {percentage} %  {value}/{total} entries  {speed}/s  {eta_formatted} left`,
    stream: process.stdout,
    noTTYOutput: true,
    notTTYSchedule: 2_000,
  });
  const startedAt = performance.now();
  const speedAt = (seq: number): number => Math.round(seq / ((performance.now() - startedAt) / 1000));
  bar.start(head, 0, { speed: 0 });
  try {
    const result = await work((seq) => bar.update(Math.min(seq, head), { speed: speedAt(seq) }));
    bar.update(head, { speed: speedAt(head) });
    return result;
  } finally {
    bar.stop();
  }
}
