import type { Summary } from './run.js';

const whole = new Intl.NumberFormat('en');

/** What a replay did, for a person; the last line says what to do when it ended early. */
export function report(summary: Summary, seconds: number): string {
  const { totals, lines } = summary;
  const rows: [string, number][] = [
    ['lines', lines],
    ['accepted', totals.accepted],
    ['duplicates', totals.duplicates],
    ['ignored', totals.ignored],
    ['quarantined', totals.quarantined],
    ['blocks applied', totals.applied],
    ['blocks rolled back', totals.rolledBack],
    ['lines refused', summary.refused],
  ];
  const text = rows.map(([name, count]) => `${name.padEnd(20)}${whole.format(count).padStart(12)}`);
  text.push(`${seconds.toFixed(1)} s, ${whole.format(Math.round(lines / Math.max(seconds, 0.001)))} lines/s`);
  for (const { line, reason } of summary.refusals) text.push(`line ${line} refused: ${reason}`);
  const unlisted = summary.refused - summary.refusals.length;
  if (unlisted > 0) text.push(`… and ${whole.format(unlisted)} more`);
  if (summary.ended !== undefined)
    text.push(
      `Ended at line ${summary.ended.line}: ${summary.ended.reason}`,
      'Run it again: what arrived counts once.',
    );
  return text.join('\n');
}
