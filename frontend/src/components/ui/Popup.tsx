'use client';
/**
 * A button that opens a small panel beside it. The panel's code comes when the button is first pointed at or focused, so
 * that the first load does not carry what most visits never open. Focus goes into the panel and back to the button.
 */
import dynamic from 'next/dynamic';
import { useRef, useState, type ReactNode } from 'react';

const load = () => import('./PopupPanel');
const PopupPanel = dynamic(load, { ssr: false });

interface PopupProps {
  /** Names the panel, for those who do not see it. */
  readonly label: string;
  readonly className: string;
  readonly panelClassName?: string;
  readonly trigger: ReactNode;
  /** Attributes of the button that tests and styles look for. */
  readonly triggerProps?: Readonly<Record<`data-${string}`, string>>;
  readonly align?: 'start' | 'end';
  readonly children: (close: () => void) => ReactNode;
}

export function Popup(props: PopupProps) {
  const { label, className, panelClassName = '', trigger, triggerProps, align = 'end', children } = props;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const preload = () => void load().catch(() => undefined);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setOpen(!open)}
        {...triggerProps}
      >
        {trigger}
      </button>
      {open && (
        <PopupPanel label={label} anchor={button} align={align} className={panelClassName} onOpenChange={setOpen}>
          {children(() => setOpen(false))}
        </PopupPanel>
      )}
    </>
  );
}
