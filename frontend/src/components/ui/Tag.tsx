const TONES = {
  accent: 'bg-accent-soft text-accent-ink',
  down: 'bg-sunk text-down',
} as const;

/** A word about what stands before it. */
export const Tag = ({ tone, children }: { readonly tone: keyof typeof TONES; readonly children: string }) => (
  <span className={`shrink-0 rounded-full px-2 py-0.5 text-xs ${TONES[tone]}`}>{children}</span>
);
