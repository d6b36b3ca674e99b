interface FailureProps {
  readonly message: string;
  readonly retry: () => unknown;
}

/** In place of what could not be loaded: that it was not, why, and the way to try again. */
export function Failure({ message, retry }: FailureProps) {
  return (
    <div role="alert" className="m-auto flex max-w-sm flex-col items-center gap-3 py-8 text-center text-sm text-ink-2">
      <p>
        <span className="font-medium text-ink">This part could not be loaded.</span> {message}
      </p>
      <button type="button" className="control" onClick={() => void retry()}>
        Try again
      </button>
    </div>
  );
}
