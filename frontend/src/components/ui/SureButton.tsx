'use client';
import { useState, type ReactNode } from 'react';

interface SureButtonProps {
  /** What it asks when it is pressed for the first time. */
  readonly ask: string;
  readonly busy?: boolean;
  readonly className?: string;
  readonly title?: string;
  readonly onAct: () => void;
  readonly children: ReactNode;
}

/** For what cannot be undone: the first press asks, the second one does it; looking elsewhere takes the question back. */
export function SureButton({ ask, busy = false, className = '', title, onAct, children }: SureButtonProps) {
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      title={title}
      className={`control ${asked ? 'border-down text-down' : className}`}
      disabled={busy}
      onBlur={() => setAsked(false)}
      onClick={({ detail }) => {
        // The second half of a double click is no answer.
        if (detail > 1) return;
        setAsked(!asked);
        if (asked) onAct();
      }}
    >
      {asked ? ask : children}
    </button>
  );
}
