/** The arithmetic of a chart that one sees: round ticks, and labels at the ends of lines that do not overlap. Pure. */

export interface Scale {
  readonly max: number;
  readonly step: number;
}

/** Ticks from 0 in steps of 1, 2 or 5 times a power of ten, whole, about `ticks` of them up to at least `highest`. */
export function niceScale(highest: number, ticks: number): Scale {
  const rough = Math.max(1, highest) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power);
  return { step, max: step * Math.max(1, Math.ceil(highest / step)) };
}

/**
 * Moves places on a line apart until each is `gap` from the next, as little as that takes, all within 0 to `length`
 * where they fit. @returns the places in the order given
 */
export function spread(places: readonly number[], gap: number, length: number): number[] {
  const sorted = places.map((place, index) => ({ place, index })).toSorted((a, b) => a.place - b.place);
  // Groups that touch are moved as one, around the middle of what they wanted.
  let groups: { members: number[]; wanted: number }[] = [];
  const start = ({ members, wanted }: (typeof groups)[number]): number => {
    const size = (members.length - 1) * gap;
    return Math.max(0, Math.min(wanted - size / 2, length - size));
  };
  for (const { place, index } of sorted) {
    groups = [...groups, { members: [index], wanted: place }];
    for (
      let last = groups.at(-1), before = groups.at(-2);
      last && before;
      last = groups.at(-1), before = groups.at(-2)
    ) {
      if (start(before) + before.members.length * gap <= start(last)) break;
      const count = before.members.length + last.members.length;
      const wanted = (before.wanted * before.members.length + last.wanted * last.members.length) / count;
      groups = [...groups.slice(0, -2), { members: [...before.members, ...last.members], wanted }];
    }
  }
  const result: number[] = [...places];
  for (const group of groups)
    group.members.forEach((index, position) => {
      result[index] = start(group) + position * gap;
    });
  return result;
}
