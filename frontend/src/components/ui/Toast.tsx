'use client';
import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react';

/** Long enough to read a sentence. */
const SHOWN_MS = 4_000;

const Say = createContext<(text: string) => void>(() => undefined);
/** Says one short sentence to everyone: on screen, and to screen readers. */
export const useToast = () => use(Say);

export function Toaster({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly text: string; readonly at: number }>();
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <Say value={useCallback((text: string) => setSaid({ text, at: Date.now() }), [])}>
      {children}
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-6 z-50 flex justify-center px-4">
        {said && (
          <span
            key={said.at}
            className="animate-arrive rounded-full bg-ink px-4 py-2 text-sm font-medium text-page shadow-pop"
          >
            {said.text}
          </span>
        )}
      </div>
    </Say>
  );
}
