import { useEffect, useRef, useState } from 'react';
import { lessMotion } from '../settings';

const ROLL_MS = 400;
const easeOut = (t: number): number => 1 - (1 - t) ** 3;

/** A number on its way to `value`: 400 ms, or at once for viewers who asked for less motion. */
export function useRollingNumber(value: number): number {
  const [shown, setShown] = useState(value);
  const shownNow = useRef(value);

  useEffect(() => {
    const from = shownNow.current;
    if (from === value) return;
    const rollMs = lessMotion() ? 0 : ROLL_MS;
    const start = performance.now();
    let frame = requestAnimationFrame(function step(time) {
      const progress = rollMs === 0 ? 1 : Math.min(1, Math.max(0, time - start) / rollMs);
      shownNow.current = from + (value - from) * easeOut(progress);
      setShown(shownNow.current);
      if (progress < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [value]);

  return shown;
}
