/**
 * `keyless`: this browser has no edit key that the service takes. `stale`: someone else has saved the board meanwhile.
 * What is in the editor stays there in any case.
 */
export type Trouble =
  { readonly kind: 'keyless' } | { readonly kind: 'stale' } | { readonly kind: 'failed'; readonly message: string };

interface EditTroubleProps {
  readonly trouble: Trouble;
  readonly onCopy: () => void;
  readonly onTheirs: () => void;
  readonly onMine: () => void;
}

/** Why what is in the editor could not be saved, and what one can do with it. */
export function EditTrouble({ trouble, onCopy, onTheirs, onMine }: EditTroubleProps) {
  return (
    <div role="alert" className="mb-4 rounded-card border border-notice-line bg-notice px-4 py-3 text-notice-ink">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-48 flex-1">{wordsOf(trouble)}</p>
        {trouble.kind === 'keyless' && (
          <button type="button" className="control" onClick={onCopy}>
            Save as a copy
          </button>
        )}
        {trouble.kind === 'stale' && (
          <>
            <button type="button" className="control" onClick={onTheirs}>
              Take theirs
            </button>
            <button type="button" className="control" onClick={onMine}>
              Save mine over it
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function wordsOf(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'keyless':
      return 'The edit key that this browser had has been renewed. Your changes are kept in this tab: open the new edit link here to save them, or save them as a board of your own.';
    case 'stale':
      return 'Someone else has saved this board meanwhile. Yours is not saved yet.';
    case 'failed':
      return trouble.message;
  }
}
