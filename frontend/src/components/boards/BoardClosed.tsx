import { CARD } from '../ui/Card';
import { TokenForm } from '../shell/TokenForm';

interface BoardClosedProps {
  /** It is not that the board is closed: it could not be loaded. */
  readonly failure?: string;
  readonly onSignedIn: () => void;
}

/** Nothing to see: the link was revoked, the board deleted, or nobody has signed in. */
export function BoardClosed({ failure, onSignedIn }: BoardClosedProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-4 py-10">
      <div className={`p-6 sm:p-8 ${CARD}`} role="alert">
        <h1 className="text-2xl font-semibold tracking-[-0.02em]">
          {failure === undefined ? 'This link no longer opens' : 'The board could not be loaded'}
        </h1>
        <p className="mt-1 mb-6 text-ink-2">
          {failure ?? 'It was revoked, or the board is gone. Ask whoever gave it to you for another, or sign in.'}
        </p>
        {failure === undefined ? (
          <TokenForm onSignedIn={onSignedIn} />
        ) : (
          <button type="button" className="control control-primary" onClick={onSignedIn}>
            Try again
          </button>
        )}
      </div>
    </main>
  );
}
