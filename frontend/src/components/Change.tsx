import { ArrowDown, ArrowUp, Minus } from 'lucide-react';
import { formatChange } from '../lib/format';

interface ChangeProps {
  /** In %; null when there was nothing to compare with. */
  readonly change: number | null;
  /** For numbers of which more is worse: the colour turns, the arrow does not. */
  readonly lessIsBetter?: boolean;
  /** Said to screen readers after the number. */
  readonly against?: string;
}

/** A change with arrow, sign and colour, so that none of the three has to be seen. */
export function Change({ change, lessIsBetter = false, against }: ChangeProps) {
  if (change === null) return <span className="text-sm font-medium text-ink-3">new</span>;
  const better = change === 0 ? null : change > 0 !== lessIsBetter;
  const colour = better === null ? 'text-ink-3' : better ? 'text-up' : 'text-down';
  const Arrow = change === 0 ? Minus : change > 0 ? ArrowUp : ArrowDown;
  return (
    <span className={`inline-flex items-center gap-0.5 text-sm font-semibold tabular-nums ${colour}`}>
      <Arrow aria-hidden size={13} strokeWidth={2.75} />
      {formatChange(change)}
      {against && <span className="sr-only"> {against}</span>}
    </span>
  );
}
