'use client';
import { useRollingNumber } from '../../lib/hooks/useRollingNumber';

interface RollingNumberProps {
  readonly value: number;
  readonly format: (value: number) => string;
}

/** A number that rolls to its new value, in digits of equal width so that nothing beside it moves. */
export function RollingNumber({ value, format }: RollingNumberProps) {
  return <span className="tabular-nums">{format(useRollingNumber(value))}</span>;
}
