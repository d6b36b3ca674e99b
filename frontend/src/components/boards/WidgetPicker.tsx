'use client';
import type { BoardRange } from '@passportx/analytics-backend/contract';
import { KINDS, OFFERS, titleOf, type Offer } from '../../lib/boards/widgets';
import Sheet from '../shell/Sheet';
import { BoardWidget } from './BoardWidget';

interface WidgetPickerProps {
  readonly range: BoardRange;
  readonly onPick: (offer: Offer) => void;
  readonly onClose: () => void;
}

/** What can be put on a board, each as it would look with the figures of now. */
export default function WidgetPicker({ range, onPick, onClose }: WidgetPickerProps) {
  return (
    <Sheet title="Add a widget" place="middle" onClose={onClose}>
      <ul className="grid gap-3 sm:grid-cols-2">
        {OFFERS.map((offer, index) => {
          const widget = { ...offer.draft, id: `offer-${index}`, x: 0, y: 0, w: offer.w, h: offer.h };
          return (
            <li key={widget.id} className="relative overflow-hidden rounded-card border border-line bg-page">
              <div inert className="h-44 overflow-hidden p-2">
                <div className="h-full" style={{ zoom: 0.6 }}>
                  <BoardWidget widget={widget} range={range} />
                </div>
              </div>
              <button
                type="button"
                onClick={() => onPick(offer)}
                className="flex min-h-11 w-full items-center justify-between gap-2 border-t border-line bg-card px-3 text-left font-medium after:absolute after:inset-0 hover:bg-sunk"
              >
                <span className="truncate">{titleOf(widget)}</span>
                <span className="shrink-0 text-sm font-normal text-ink-2">{KINDS[widget.kind].name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}
