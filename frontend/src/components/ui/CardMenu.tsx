'use client';
import { ChartLine, Ellipsis, FileDown, Image, Link2, Shapes, Table2 } from 'lucide-react';
import { useToast } from './Toast';
import type { Figures } from '../../lib/chart/table';
import { saveCsv, savePng, saveSvg } from '../../lib/save';
import { Action } from './Choices';
import { Popup } from './Popup';

interface CardMenuProps {
  readonly title: string;
  /** Id of the card, to which a link can lead. */
  readonly anchor: string;
  readonly figures: Figures | undefined;
  readonly asTable: boolean;
  /** Undefined where the card is a table anyway. */
  readonly onAsTable: ((asTable: boolean) => void) | undefined;
}

/** The drawing of a card as SVG, where its picture is one. */
function svgOf(card: HTMLElement | null): string | undefined {
  const drawn = card?.querySelector('[data-plot] svg');
  if (!drawn) return undefined;
  const copy = drawn.cloneNode(true) as SVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('font-family', 'Inter, ui-sans-serif, system-ui, sans-serif');
  return new XMLSerializer().serializeToString(copy);
}

/** What can be done with a card besides reading it. */
export function CardMenu({ title, anchor, figures, asTable, onAsTable }: CardMenuProps) {
  const say = useToast();
  const card = () => document.getElementById(anchor);
  const picture = async () => {
    const element = card();
    if (element === null) return;
    try {
      await savePng(title, element);
    } catch {
      say('This browser could not draw the picture.');
    }
  };
  const copy = async () => {
    const url = new URL(window.location.href);
    url.hash = anchor;
    try {
      await navigator.clipboard.writeText(url.href);
      say('Link copied');
    } catch {
      say('The browser did not let the link be copied.');
    }
  };
  return (
    <Popup
      label={`Options of ${title}`}
      className="-my-1.5 -mr-2 grid size-8 shrink-0 place-items-center rounded-lg text-ink-3 hover:bg-sunk hover:text-ink max-md:-my-3 max-md:size-11 pointer-coarse:-my-3 pointer-coarse:size-11"
      panelClassName="w-52 p-1.5"
      trigger={
        <>
          <Ellipsis aria-hidden size={17} />
          <span className="sr-only">Options of {title}</span>
        </>
      }
    >
      {(close) => {
        const svg = svgOf(card());
        const act = (what: () => void) => () => {
          close();
          what();
        };
        return (
          <ul>
            {onAsTable && (
              <Action icon={asTable ? ChartLine : Table2} onAct={act(() => onAsTable(!asTable))}>
                {asTable ? 'Show the picture' : 'Show as table'}
              </Action>
            )}
            {figures && (
              <Action icon={FileDown} onAct={act(() => saveCsv(title, figures))}>
                Download CSV
              </Action>
            )}
            <Action icon={Image} onAct={act(() => void picture())}>
              Download PNG
            </Action>
            {svg !== undefined && (
              <Action icon={Shapes} onAct={act(() => saveSvg(title, svg))}>
                Download SVG
              </Action>
            )}
            <Action icon={Link2} onAct={act(() => void copy())}>
              Copy link
            </Action>
          </ul>
        );
      }}
    </Popup>
  );
}
