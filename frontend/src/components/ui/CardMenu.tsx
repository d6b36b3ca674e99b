'use client';
import { ChartLine, Ellipsis, FileDown, Image, Link2, Shapes, Table2 } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { BOARD_PATH } from '../../lib/boards/address';
import { TABLE_FORMATS, type Figures, type TableFormat } from '../../lib/chart/table';
import { linkToShare } from '../../lib/hooks/useAddress';
import { Action } from './Choices';
import { Popup } from './Popup';
import { useToast } from './Toast';

interface CardMenuProps {
  readonly title: string;
  /** Id of the card, to which a link can lead. */
  readonly anchor: string;
  readonly figures: Figures | undefined;
  /** Where the service has the whole of what the card shows a part of, by format. */
  readonly exportPath: ((format: TableFormat) => string) | undefined;
  readonly asTable: boolean;
  /** The card is a table anyway. */
  readonly isTable: boolean;
  readonly onAsTable: (asTable: boolean) => void;
}

/** What writes files comes when the first one is wanted. */
const saving = () => import('../../lib/save');

/** What can be done with a card besides reading it. */
export function CardMenu({ title, anchor, figures, exportPath, asTable, isTable, onAsTable }: CardMenuProps) {
  const say = useToast();
  // Who came to a board by a link may hand on that link alone: what its address says opens for nobody else.
  const onBoard = usePathname() === BOARD_PATH;
  const card = () => document.getElementById(anchor);
  const picture = async (kind: 'savePng' | 'saveSvg') => {
    const element = card();
    if (element === null) return;
    try {
      await (await saving())[kind](title, element);
    } catch {
      say('This browser could not draw the picture.');
    }
  };
  const table = async (format: TableFormat) => {
    try {
      const { saveExport, saveFigures } = await saving();
      if (exportPath) await saveExport(exportPath(format));
      else if (figures) await saveFigures(title, figures, format);
    } catch (failure) {
      say(failure instanceof Error ? failure.message : 'That did not work.');
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(linkToShare(anchor));
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
        const act = (what: () => void) => () => {
          close();
          what();
        };
        return (
          <ul>
            {figures && !isTable && (
              <Action icon={asTable ? ChartLine : Table2} onAct={act(() => onAsTable(!asTable))}>
                {asTable ? 'Show the picture' : 'Show as table'}
              </Action>
            )}
            {(figures ?? exportPath) &&
              TABLE_FORMATS.map(({ format, name }) => (
                <Action key={format} icon={FileDown} onAct={act(() => void table(format))}>
                  {`Download ${name}`}
                </Action>
              ))}
            <Action icon={Image} onAct={act(() => void picture('savePng'))}>
              Download PNG
            </Action>
            {!isTable && (
              <Action icon={Shapes} onAct={act(() => void picture('saveSvg'))}>
                Download SVG
              </Action>
            )}
            {!onBoard && (
              <Action icon={Link2} onAct={act(() => void copy())}>
                Copy link
              </Action>
            )}
          </ul>
        );
      }}
    </Popup>
  );
}
