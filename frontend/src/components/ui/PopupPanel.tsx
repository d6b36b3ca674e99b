'use client';
import { Popover } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

interface PopupPanelProps {
  readonly label: string;
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly align: 'start' | 'end';
  readonly className: string;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

/** The panel of a `Popup`; a part of its own, loaded when needed. */
export default function PopupPanel({ label, anchor, align, className, onOpenChange, children }: PopupPanelProps) {
  return (
    <Popover.Root open onOpenChange={onOpenChange}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          align={align}
          sideOffset={6}
          collisionPadding={12}
          aria-label={label}
          onInteractOutside={(event) => {
            // A press on the button is the button's own to answer, else it would close and open at once.
            if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          className={`z-40 max-h-[calc(100dvh-96px)] max-w-[calc(100vw-24px)] overflow-y-auto rounded-card border border-line bg-card shadow-pop ${className}`}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
