import { ArrowDown, ArrowUp } from 'lucide-react';
import { formatChange, formatChangeSize } from '../../lib/format';

interface ChangeProps {
  /** In %; null when there was nothing to compare with. */
  readonly change: number | null;
  /** For numbers of which more is worse: the colour turns, sign and arrow do not. */
  readonly lessIsBetter?: boolean;
  /** In a table the sign does by itself. */
  readonly arrow?: boolean;
  /** Said where there was nothing before. */
  readonly fresh?: string;
  /** Said to screen readers after the number. */
  readonly against?: string;
}

/** A change with an arrow or, in a table, its sign: the colour is never the only one to tell. */
export function Change({ change, lessIsBetter = false, arrow = true, fresh = 'nothing before', against }: ChangeProps) {
  if (change === null) return <span className="text-sm font-medium text-ink-3">{fresh}</span>;
  // As small as it is written: what reads as 0 % neither rose nor fell.
  const shown = Math.round(change * 10) / 10 || 0;
  if (shown === 0)
    return (
      <span className="font-medium text-ink-3 tabular-nums">
        {arrow ? 'unchanged' : formatChange(0)}
        {against && <span className="sr-only"> {against}</span>}
      </span>
    );
  const colour = shown > 0 !== lessIsBetter ? 'text-up' : 'text-down';
  const Arrow = shown > 0 ? ArrowUp : ArrowDown;
  return (
    <span className={`inline-flex items-center gap-0.5 font-semibold whitespace-nowrap tabular-nums ${colour}`}>
      {arrow ? (
        <>
          <Arrow aria-hidden size={13} strokeWidth={2.75} />
          <span className="sr-only">{shown > 0 ? 'up' : 'down'} </span>
          {formatChangeSize(shown)}
        </>
      ) : (
        formatChange(shown)
      )}
      {against && <span className="sr-only"> {against}</span>}
    </span>
  );
}
