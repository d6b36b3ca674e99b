import { CARD } from '../ui/Card';
import { TokenForm } from './TokenForm';

const WRONG_ROLE = 'This token may not view the dashboard. Use the viewer or the admin token.';

interface SignInProps {
  /** There is a session, but of a role that may not view. */
  readonly wrongRole: boolean;
  readonly onSignedIn: () => void;
}

/** Asks for a token and says where it is found. */
export function SignIn({ wrongRole, onSignedIn }: SignInProps) {
  return (
    <main className="mx-auto flex min-h-[calc(100dvh-57px)] max-w-md flex-col justify-center px-4 py-10">
      <div className={`p-6 sm:p-8 ${CARD}`}>
        <h1 className="text-2xl font-semibold tracking-[-0.02em]">Sign in</h1>
        <p className="mt-1 mb-6 text-ink-2">This dashboard is not public. A token of the service opens it.</p>
        <TokenForm
          initialError={wrongRole ? WRONG_ROLE : null}
          onSignedIn={onSignedIn}
          help={
            <div className="mt-6 border-t border-line pt-4 text-sm text-ink-2">
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
          }
        />
      </div>
    </main>
  );
}
