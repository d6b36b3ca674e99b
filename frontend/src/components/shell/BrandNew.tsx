'use client';
import { BACKEND_URL } from '../../lib/api/client';

const Code = ({ children }: { readonly children: string }) => (
  <code className="mt-2 block rounded-lg bg-sunk px-3 py-2 font-mono text-[12.5px]/5 break-all text-ink">
    {children}
  </code>
);

/** A service that waits for its first block: how to feed it. The page changes by itself when something comes. */
export function BrandNew() {
  const hook = `${BACKEND_URL || window.location.origin}/api/chainhook/events`;
  return (
    <section
      aria-labelledby="brand-new"
      className="rounded-card border border-line bg-card px-5 py-10 shadow-card sm:px-10 sm:py-14"
    >
      <div className="mx-auto max-w-5xl">
        <span aria-hidden className="relative mb-5 grid size-4 place-items-center">
          <span className="absolute size-4 animate-breathe rounded-full bg-accent/40" />
          <span className="size-2.5 rounded-full bg-accent" />
        </span>
        <h2 id="brand-new" className="text-xl font-semibold tracking-[-0.01em]">
          Waiting for the first block
        </h2>
        <p className="mt-1 max-w-prose text-ink-2">
          The service runs and has counted nothing yet. This page changes by itself when the first event arrives.
        </p>
        <ol className="mt-8 grid gap-x-8 gap-y-6 md:grid-cols-3">
          <li className="min-w-0">
            <h3 className="font-semibold">Watch a demo</h3>
            <p className="mt-1 text-sm text-ink-2">Three months of history, then a live simulated chain.</p>
            <Code>npm run demo</Code>
          </li>
          <li className="min-w-0">
            <h3 className="font-semibold">Point a Chainhook node here</h3>
            <p className="mt-1 text-sm text-ink-2">
              It posts blocks to the address below, with the service’s Chainhook token as bearer.
            </p>
            <Code>{hook}</Code>
            <Code>npm run chainhooks:register</Code>
          </li>
          <li className="min-w-0">
            <h3 className="font-semibold">Replay a file</h3>
            <p className="mt-1 text-sm text-ink-2">
              One payload a line, as a node’s <code>file_append</code> writes them.
            </p>
            <Code>npm run replay -- payloads.ndjson</Code>
          </li>
        </ol>
      </div>
    </section>
  );
}
