/**
 * Keeps the screen on for as long as it is wanted. A browser lets go of it whenever the page is hidden, so it is asked
 * for again when the page is back; where there is no such thing, or it is refused, the screen does as it is set.
 * @returns the end of it
 */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let ended = false;
  const ask = async (): Promise<void> => {
    if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return;
    try {
      const got = await navigator.wakeLock.request('screen');
      if (ended) await got.release();
      else lock = got;
    } catch {
      // Low battery, or not allowed here.
    }
  };
  const again = () => void ask();
  document.addEventListener('visibilitychange', again);
  again();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', again);
    void lock?.release();
  };
}
