import { INTERVALS, type SeriesInterval } from '../../lib/buckets';
import { lengthOf, type DayRange } from '../../lib/dates';
import { Segments } from '../ui/Choices';

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
