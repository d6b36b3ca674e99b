import type { ReactNode } from 'react';

export const CARD = 'rounded-card border border-line bg-card shadow-card';

export interface CardProps {
  /** Id of the card on its page; a link leads to it. */
  readonly id: string;
  readonly title: string;
  /** One sentence that says exactly what is counted. */
  readonly says: ReactNode;
  /** Right of the title. */
  readonly aside?: ReactNode;
  /** Whether its answer is still to come. */
  readonly busy: boolean;
  /** What it shows is of the days or filters before: it stays readable, below a line that moves. */
  readonly outdated?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link that leads to a card is followed when the card is there: many come after the page itself. */
function arriveAt(card: HTMLElement | null): void {
  if (card !== null && window.location.hash === `#${card.id}`) card.scrollIntoView();
}

/** A card with its title and its sentence, which stand there before the answer does. */
export function Card({ id, title, says, aside, busy, outdated = false, className = '', children }: CardProps) {
  return (
    <section
      ref={arriveAt}
      id={id}
      aria-labelledby={`${id}-title`}
      aria-busy={busy}
      className={`relative flex min-w-0 scroll-mt-20 flex-col p-4 sm:p-5 ${CARD} ${className}`}
    >
      {outdated && (
        <span aria-hidden className="animate-wait absolute inset-x-4 -top-px h-0.5 rounded-full bg-accent" />
      )}
      <header className="flex items-start justify-between gap-3">
        <h2 id={`${id}-title`} className="font-semibold">
          {title}
        </h2>
        <div className="flex items-start gap-3">{aside}</div>
      </header>
      <p className="mt-0.5 text-sm text-ink-2">{says}</p>
      {children}
    </section>
  );
}
