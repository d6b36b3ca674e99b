'use client';
import type { Reorg } from '@passportx/analytics-backend/contract';
import { Award, RotateCcw, Settings2, UserPlus, UsersRound, X, type LucideIcon } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { FeedEntry, FeedLine } from '../../lib/feed';
import { describeActivity, type FeedPart, type Tone } from '../../lib/feedWords';
import { formatAgo, formatMoment } from '../../lib/format';
import { describeReorg } from '../../lib/live/updates';
import { InlineLink } from '../ui/Named';

const ICONS: Record<Tone, { readonly icon: LucideIcon; readonly colour: string }> = {
  badge: { icon: Award, colour: 'bg-violet/12 text-accent-ink' },
  people: { icon: UserPlus, colour: 'bg-teal/14 text-[var(--teal-ink)]' },
  community: { icon: UsersRound, colour: 'bg-teal/14 text-[var(--teal-ink)]' },
  loss: { icon: X, colour: 'bg-down/12 text-down' },
  rules: { icon: Settings2, colour: 'bg-sunk text-ink-2' },
};

interface FeedLinesProps {
  readonly entries: readonly FeedEntry[];
  readonly now: number;
  readonly className?: string;
  /** Whether what a line names leads to its page; not where only one board may be seen. */
  readonly linked?: boolean;
}

/** What happened, newest first; a new line slides in, a reorganisation is told among the lines as what it is. */
export function FeedLines({ entries, now, className = '', linked = true }: FeedLinesProps) {
  return (
    <ol className={className}>
      {entries.map((entry) =>
        entry.kind === 'fact' ? (
          <FactLine key={entry.line.item.id} line={entry.line} now={now} linked={linked} />
        ) : (
          <ReorgLine key={`${entry.reorg.at} ${entry.reorg.rolledBack[0]?.hash}`} reorg={entry.reorg} now={now} />
        ),
      )}
    </ol>
  );
}

interface LineProps {
  readonly icon: LucideIcon;
  readonly colour: string;
  readonly title: ReactNode;
  readonly detail: ReactNode;
  readonly at: string;
  readonly now: number;
  readonly notice?: boolean;
}

function Line({ icon: Icon, colour, title, detail, at, now, notice = false }: LineProps) {
  return (
    <li
      className={`flex animate-arrive gap-3 border-b border-line py-2.5 last:border-0 ${notice ? '-mx-2 rounded-lg border-transparent bg-notice px-2' : ''}`}
    >
      <span aria-hidden className={`mt-0.5 grid size-6 shrink-0 place-items-center rounded-md ${colour}`}>
        <Icon size={14} strokeWidth={2.25} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{title}</p>
        <p className={`truncate text-sm ${notice ? 'text-notice-ink' : 'text-ink-2'}`}>{detail}</p>
      </div>
      <time
        dateTime={at}
        title={formatMoment(at)}
        className={`shrink-0 text-xs whitespace-nowrap tabular-nums ${notice ? 'text-notice-ink' : 'text-ink-3'}`}
      >
        {formatAgo(at, now)}
      </time>
    </li>
  );
}

interface FactLineProps extends Pick<FeedLinesProps, 'now'> {
  readonly line: FeedLine;
  readonly linked: boolean;
}

function FactLine({ line, now, linked }: FactLineProps) {
  const { tone, title, detail } = describeActivity(line);
  const { retracted, at } = line.item;
  // What was withdrawn may be known nowhere else.
  if (retracted)
    return (
      <Line
        {...ICONS.rules}
        title={
          <s className="font-medium text-ink-2">
            <Words parts={title} linked={false} />
          </s>
        }
        detail="withdrawn, its block was replaced"
        at={at}
        now={now}
      />
    );
  return (
    <Line
      {...ICONS[tone]}
      title={<Words parts={title} linked={linked} />}
      detail={<Words parts={detail} linked={linked} />}
      at={at}
      now={now}
    />
  );
}

function Words({ parts, linked }: { readonly parts: readonly FeedPart[]; readonly linked: boolean }) {
  return parts.map((part, index) => (
    <Fragment key={index}>{typeof part === 'string' ? part : linked ? <InlineLink {...part} /> : part.name}</Fragment>
  ));
}

function ReorgLine({ reorg, now }: { readonly reorg: Reorg; readonly now: number }) {
  return (
    <Line
      icon={RotateCcw}
      colour="bg-notice-line text-notice-ink"
      {...describeReorg(reorg)}
      at={reorg.at}
      now={now}
      notice
    />
  );
}
