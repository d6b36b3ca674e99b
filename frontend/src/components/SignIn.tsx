'use client';
import { useId, useState, type FormEvent } from 'react';
import { ApiError } from '../lib/api/client';
import { signIn } from '../lib/api/session';

const REFUSED = 'The service does not know this token. It is the viewer or the admin token, not the chain node’s.';

const WRONG_ROLE = 'This token may not view the dashboard. Use the viewer or the admin token.';

interface SignInProps {
  /** There is a session, but of a role that may not view. */
  readonly wrongRole: boolean;
  readonly onSignedIn: () => void;
}

/** Asks for a token and says where it is found; the token is traded for a cookie and not kept. */
export function SignIn({ wrongRole, onSignedIn }: SignInProps) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(wrongRole ? WRONG_ROLE : null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token !== 'string' || token.trim() === '') return setError('Paste a token first.');
    setBusy(true);
    try {
      await signIn(token.trim());
      onSignedIn();
    } catch (failure) {
      setError(failure instanceof ApiError && failure.kind === 'unauthorized' ? REFUSED : messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="mx-auto flex min-h-[calc(100dvh-57px)] max-w-md flex-col justify-center px-4 py-10">
      <form
        onSubmit={(event) => void submit(event)}
        className="rounded-card border border-line bg-card p-6 shadow-card sm:p-8"
      >
        <h1 className="text-2xl font-semibold tracking-[-0.02em]">Sign in</h1>
        <p className="mt-1 text-ink-2">This dashboard is not public. A token of the service opens it.</p>
        <label htmlFor={id} className="mt-6 block font-medium">
          Viewer or admin token
        </label>
        <input
          id={id}
          name="token"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={`${id}-error ${id}-help`}
          className="mt-2 h-11 w-full rounded-[9px] border border-line-strong bg-page px-3 text-base aria-invalid:border-down"
        />
        <p id={`${id}-error`} role="alert" className="mt-2 text-sm text-down empty:hidden">
          {error}
        </p>
        <button type="submit" className="control control-primary mt-4 h-11 w-full" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
        <div id={`${id}-help`} className="mt-6 border-t border-line pt-4 text-sm text-ink-2">
          <p className="font-medium text-ink">Where the token is</p>
          <ul className="mt-1 list-disc space-y-1 pl-4">
            <li>
              In the terminal, printed once when the service first started, and since then in{' '}
              <code className="rounded bg-sunk px-1">data/tokens.json</code> beside it.
            </li>
            <li>
              Or whatever <code className="rounded bg-sunk px-1">ANALYTICS_VIEWER_TOKEN</code> was set to.
            </li>
          </ul>
        </div>
      </form>
    </main>
  );
}

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : 'That did not work. Try again in a moment.';
