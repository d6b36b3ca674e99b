'use client';
import { Copy } from 'lucide-react';
import { shorten } from '../../lib/format';
import { useToast } from './Toast';

/** A principal or hash: short to read, whole to take along. @param bare only what takes it along */
export function Principal({ id, bare = false }: { readonly id: string; readonly bare?: boolean }) {
  const say = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(id);
      say('Copied');
    } catch {
      say('The browser did not let it be copied.');
    }
  };
  return (
    <span className="inline-flex items-center gap-1">
      {!bare && <span title={id}>{shorten(id)}</span>}
      <button
        type="button"
        onClick={() => void copy()}
        className="grid size-6 place-items-center rounded-md text-ink-3 hover:bg-sunk hover:text-ink max-md:-mx-2.5 max-md:size-11 pointer-coarse:-mx-2.5 pointer-coarse:size-11"
      >
        <Copy aria-hidden size={13} />
        <span className="sr-only">Copy {id}</span>
      </button>
    </span>
  );
}
