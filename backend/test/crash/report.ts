import type { CampaignReport } from './campaign.js';
import { phaseOf } from './phases.js';

/** Several campaigns as one. */
export function together(reports: readonly CampaignReport[]): CampaignReport {
  const names = new Set(reports.flatMap((report) => [...report.kills.keys()]));
  const kills = new Map(Array.from(names, (name) => [name, sum(reports.map((report) => report.kills.get(name) ?? 0))]));
  return {
    kills,
    acknowledged: sum(reports.map(({ acknowledged }) => acknowledged)),
    lost: sum(reports.map(({ lost }) => lost)),
    doubleCounted: sum(reports.map(({ doubleCounted }) => doubleCounted)),
    restartsMs: reports.flatMap(({ restartsMs }) => restartsMs),
    differences: reports.flatMap(({ differences }) => differences),
  };
}

/** Kills by phase. */
export function byPhase(kills: CampaignReport['kills']): Map<string, number> {
  const phases = new Map<string, number>();
  for (const [name, count] of kills) phases.set(phaseOf(name), (phases.get(phaseOf(name)) ?? 0) + count);
  return phases;
}

/** The report as a person reads it: kills by phase, and by place where a phase has several. */
export function describeReport({ kills, restartsMs, ...counts }: CampaignReport): string {
  const sorted = restartsMs.toSorted((a, b) => a - b).map(Math.round);
  return [
    ...Array.from(byPhase(kills)).flatMap(([phase, count]) => [
      `${String(count).padStart(8)} killed ${phase}`,
      ...Array.from(kills)
        .filter(([name]) => name !== phase && phaseOf(name) === phase)
        .map(([name, times]) => `${String(times).padStart(12)} ${name.slice(phase.length + 2)}`),
    ]),
    `${String(sum([...kills.values()])).padStart(8)} kills in all`,
    `${String(counts.acknowledged).padStart(8)} events acknowledged, ${counts.lost} lost, ${counts.doubleCounted} double counted`,
    `${String(sorted[Math.floor(sorted.length / 2)] ?? 0).padStart(8)} ms to be ready and the writer again (median), ${sorted.at(-1) ?? 0} ms at most`,
    `${String(counts.differences.length).padStart(8)} answers that differ from the reference`,
  ].join('\n');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
