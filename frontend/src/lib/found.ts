/** Values of a dimension as a person knows them. Pure. */
import type { QueryDimension } from '@passportx/analytics-backend/contract';
import { WEEKDAYS } from './alerts';
import { formatCategory, formatHour, shorten } from './format';

export interface Found {
  readonly id: string;
  readonly name: string;
}

/** The words for a value of a dimension that has no name but itself. */
export function wordsOf(by: QueryDimension, value: string): string {
  switch (by) {
    case 'category':
      return formatCategory(value);
    case 'level':
      return `Level ${value}`;
    case 'issuer':
    case 'user':
      return shorten(value);
    case 'weekday':
      return WEEKDAYS[Number(value) - 1] ?? value;
    case 'hour':
      return `${formatHour(Number(value))} UTC`;
    case 'badge':
    case 'community':
      return value;
  }
}
