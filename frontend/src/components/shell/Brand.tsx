/** The mark and the name, which makes way where "Reconnecting" needs its place. */
export function Brand() {
  return (
    <span className="inline-flex items-center gap-2.5 whitespace-nowrap">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6">
        <rect width="32" height="32" rx="9" fill="var(--accent)" />
        <path
          d="M11 23V9h6.6a4.9 4.9 0 0 1 0 9.8H11"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="max-[440px]:sr-only">
        <span className="font-bold tracking-[-0.01em]">PassportX</span>
        <span className="text-ink-2 max-sm:sr-only"> Analytics</span>
      </span>
    </span>
  );
}
