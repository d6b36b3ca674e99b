import { useEffect, useState } from 'react';
import { isoDay, type IsoDay } from '../dates';

/** The time in ms since the epoch, told again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** The UTC day of now; it moves on at midnight UTC without a reload. */
export const useToday = (): IsoDay => isoDay(useNow(10_000));
