/** How many rows of a table its place on a wall has room for, since nobody scrolls there. */
import { useEffect, useState, type RefObject } from 'react';

/** As where the styles of a wall begin; a narrower page is as long as its tables. */
const WIDE = '(width >= 768px)';

/** @returns at least 1; Infinity where the table can be scrolled to */
export function useRoomForRows(box: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(Infinity);
  useEffect(() => {
    const place = box.current;
    if (place === null || place.closest('[data-wall]') === null) return;
    const wide = window.matchMedia(WIDE);
    const measure = () => {
      const row = place.querySelector('tbody tr')?.clientHeight ?? 0;
      const head = place.querySelector('thead')?.clientHeight ?? 0;
      if (row > 0) setRoom(wide.matches ? Math.max(1, Math.floor((place.clientHeight - head) / row)) : Infinity);
    };
    const watch = new ResizeObserver(measure);
    watch.observe(place);
    return () => watch.disconnect();
  }, [box]);
  return room;
}
