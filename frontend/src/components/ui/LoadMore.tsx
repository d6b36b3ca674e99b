'use client';
import { useState } from 'react';

/** A button that brings the next page and says when that failed. */
export function LoadMore({ load }: { readonly load: () => Promise<void> }) {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const start = async () => {
    setState('loading');
    try {
      await load();
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <div data-no-picture className="pt-3">
      <button type="button" className="control w-full" disabled={state === 'loading'} onClick={() => void start()}>
        {state === 'loading' ? 'Loading…' : state === 'failed' ? 'That failed. Try again' : 'Load more'}
      </button>
    </div>
  );
}
