import type { SeriesInterval } from '../../lib/buckets';
import { lengthOf, type DayRange } from '../../lib/dates';
import { Segments } from '../ui/Choices';

const INTERVALS = [
  { id: 'hour', label: 'Hours', most: 14, least: 1 },
  { id: 'day', label: 'Days', most: 400, least: 2 },
  { id: 'week', label: 'Weeks', most: 3_660, least: 14 },
  { id: 'month', label: 'Months', most: 3_660, least: 59 },
] as const satisfies readonly { id: SeriesInterval; label: string; most: number; least: number }[];

interface IntervalPickerProps {
  readonly range: DayRange;
  readonly interval: SeriesInterval;
  readonly onChoose: (interval: SeriesInterval) => void;
}

/** How long a bucket is: of the lengths that give a line something to tell. */
export function IntervalPicker({ range, interval, onChoose }: IntervalPickerProps) {
  const days = lengthOf(range);
  const choices = INTERVALS.filter(({ id, most, least }) => id === interval || (days >= least && days <= most));
  if (choices.length < 2) return null;
  return <Segments label="Length of a bucket" choices={choices} chosen={interval} onChoose={onChoose} />;
}
