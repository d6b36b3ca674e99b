'use client';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../../lib/api/client';
import { signIn } from '../../lib/api/session';

const REFUSED = 'The service does not know this token. It is the viewer or the admin token, not the chain node’s.';

interface TokenFormProps {
  readonly initialError?: string | null;
  readonly onSignedIn: () => void;
  /** Below the button, read out with the field. */
  readonly help?: ReactNode;
}

/** Trades a token for a cookie that no script can read; the token itself is not kept. */
export function TokenForm({ initialError = null, onSignedIn, help }: TokenFormProps) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(initialError);

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
    <form onSubmit={(event) => void submit(event)}>
      <label htmlFor={id} className="block font-medium">
        Viewer or admin token
      </label>
      <input
        id={id}
        name="token"
        type="password"
        autoComplete="current-password"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={`${id}-error${help ? ` ${id}-help` : ''}`}
        className="mt-2 h-11 w-full rounded-[9px] border border-line-strong bg-page px-3 text-base aria-invalid:border-down"
      />
      <p id={`${id}-error`} role="alert" className="mt-2 text-sm text-down empty:hidden">
        {error}
      </p>
      <button type="submit" className="control control-primary mt-4 h-11 w-full" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
      {help && <div id={`${id}-help`}>{help}</div>}
    </form>
  );
}

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : 'That did not work. Try again in a moment.';
