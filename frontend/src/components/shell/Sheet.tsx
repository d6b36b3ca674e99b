'use client';
import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What had the focus before and gets it back. */
  readonly opener?: RefObject<HTMLElement | null>;
  /** `side`: from the left edge, as tall as the window. `middle`: a dialog. */
  readonly place?: 'side' | 'middle';
  readonly children: ReactNode;
}

const PLACES = {
  side: 'inset-y-0 left-0 w-72 max-w-[85vw] overflow-y-auto border-r',
  middle:
    'top-1/2 left-1/2 w-[560px] max-w-[calc(100vw-24px)] max-h-[calc(100dvh-48px)] -translate-1/2 overflow-y-auto rounded-card border',
} as const;

/** Over the page, which waits behind it; a part of its own, loaded when needed. */
export default function Sheet({ title, onClose, opener, place = 'side', children }: SheetProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            if (!opener) return;
            event.preventDefault();
            opener.current?.focus();
          }}
          className={`fixed z-50 border-line bg-card px-4 pb-4 shadow-pop ${PLACES[place]}`}
        >
          {/* What is scrolled goes behind it: its title and the way out stay. */}
          <div className="sticky top-0 z-10 -mx-4 mb-1 flex items-center justify-between bg-card pt-4 pr-4 pb-2 pl-7">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            <Dialog.Close className="control border-transparent px-2.5">
              <X aria-hidden size={18} />
              <span className="sr-only">Close</span>
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
