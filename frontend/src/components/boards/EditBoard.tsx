'use client';
import type { Board, BoardRange, Widget } from '@passportx/analytics-backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect, useId, useRef, useState } from 'react';
import { saveBoard } from '../../lib/api/boards';
import { ApiError } from '../../lib/api/client';
import { COLUMNS, describePlace, type Place } from '../../lib/boards/grid';
import { useCopy } from '../../lib/boards/useCopy';
import { useDraft } from '../../lib/boards/useDraft';
import { PRESET_NAMES, titleOf } from '../../lib/boards/widgets';
import { useToast } from '../ui/Toast';
import { BoardGrid, GAP_PX, ROW_PX } from './BoardGrid';
import { EditFrame, HANDLES_HELP } from './EditFrame';
import { EditTrouble, type Trouble } from './EditTrouble';

const WidgetPicker = dynamic(() => import('./WidgetPicker'), { ssr: false });
const WidgetSettings = dynamic(() => import('./WidgetSettings'), { ssr: false });

/** Most widgets of a board, as the service has it. */
const MAX_WIDGETS = 24;
const MAX_NAME = 80;

interface EditBoardProps {
  readonly board: Board;
  /** Null: it was refused, and what is unsaved is kept. */
  readonly editKey: string | null;
  readonly onRefused: (refused: string) => void;
  readonly onDone: () => void;
}

/** A board under the hands of someone who has its edit key. Before it is saved, it is kept in this tab only. */
export function EditBoard({ board, editKey, onRefused, onDone }: EditBoardProps) {
  const client = useQueryClient();
  const say = useToast();
  const copyOf = useCopy();
  const draft = useDraft(board);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [saving, setSaving] = useState(false);
  const [picking, setPicking] = useState(false);
  const [setting, setSetting] = useState<string | null>(null);
  const [announced, announce] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const dragged = useRef<readonly Widget[] | null>(null);
  const name = useId();
  const days = useId();
  const { content, dirty, revision, resumed, discard } = draft;
  const full = content.widgets.length >= MAX_WIDGETS;

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);

  useEffect(() => {
    if (resumed) say('Your unsaved changes are back');
  }, [resumed, say]);

  const save = async (from: number | null) => {
    if (editKey === null) return;
    setSaving(true);
    try {
      const saved = await saveBoard(board.id, content, editKey, from);
      draft.settle(saved);
      setTrouble(null);
      client.setQueryData(['board', board.id], saved);
      say('Board saved');
    } catch (error) {
      const status = error instanceof ApiError ? error.problem?.status : undefined;
      if (status === 403) onRefused(editKey);
      setTrouble(
        status === 412
          ? { kind: 'stale' }
          : { kind: 'failed', message: error instanceof Error ? error.message : 'It could not be saved.' },
      );
    } finally {
      setSaving(false);
    }
  };

  const copy = async () => {
    setSaving(true);
    if (await copyOf(content)) discard();
    setSaving(false);
  };

  const takeTheirs = async () => {
    await client.invalidateQueries({ queryKey: ['board', board.id] });
    const theirs = client.getQueryData<Board>(['board', board.id]);
    if (theirs === undefined) return;
    draft.settle(theirs);
    setTrouble(null);
  };

  const leave = () => {
    discard();
    onDone();
  };

  const cell = () => {
    const width = grid.current?.getBoundingClientRect().width ?? 0;
    return { width: (width + GAP_PX) / COLUMNS, height: ROW_PX + GAP_PX };
  };
  const tell = (widget: Widget, place: Place) => announce(`${titleOf(widget)}: ${describePlace(place)}`);
  const told: Trouble | null = editKey === null ? { kind: 'keyless' } : trouble;
  const chosen = content.widgets.find(({ id }) => id === setting);

  return (
    <>
      <div className="flex flex-wrap items-end gap-3 pt-5 pb-4" {...(dirty && { 'data-unsaved': true })}>
        <h1 className="sr-only">Edit {board.name}</h1>
        <div className="min-w-48 flex-1">
          <label htmlFor={name} className="text-sm text-ink-2">
            Name
          </label>
          <input
            id={name}
            value={content.name}
            maxLength={MAX_NAME}
            onChange={(event) => draft.change({ name: event.target.value })}
            className="mt-1 block h-11 w-full max-w-lg rounded-[9px] border border-line-strong bg-card px-3 text-lg font-semibold"
          />
        </div>
        <div>
          <label htmlFor={days} className="block text-sm text-ink-2">
            Days
          </label>
          <select
            id={days}
            className="control mt-1 h-11"
            value={content.range.preset}
            onChange={(event) => {
              const preset = event.target.value as keyof typeof PRESET_NAMES;
              draft.change({ range: { preset } });
            }}
          >
            {Object.entries(PRESET_NAMES).map(([preset, label]) => (
              <option key={preset} value={preset}>
                {label}
              </option>
            ))}
            {content.range.preset === 'custom' && <option value="custom">{customName(content.range)}</option>}
          </select>
        </div>
        <button type="button" className="control h-11" disabled={full} onClick={() => setPicking(true)}>
          <Plus aria-hidden size={16} />
          {full ? `${MAX_WIDGETS} widgets are the most` : 'Add widget'}
        </button>
        <button type="button" className="control h-11" onClick={leave}>
          {dirty ? 'Leave without saving' : 'Done'}
        </button>
        <button
          type="button"
          className="control control-primary h-11"
          disabled={!dirty || saving || editKey === null || content.name.trim() === ''}
          onClick={() => void save(revision)}
        >
          {saving ? 'Saving…' : 'Save'}
        </button>
      </div>
      {told && (
        <EditTrouble
          trouble={told}
          onCopy={() => void copy()}
          onTheirs={() => void takeTheirs()}
          onMine={() => void save(null)}
        />
      )}
      <p id={HANDLES_HELP} className="sr-only">
        Arrow keys move the widget or, on the handle for it and with Shift, resize it.
      </p>
      <p role="status" className="sr-only">
        {announced}
      </p>
      {content.widgets.length === 0 && (
        <p className="py-16 text-center text-ink-2">No widget yet. Add the first one.</p>
      )}
      <BoardGrid
        grid={grid}
        widgets={content.widgets}
        range={content.range}
        frame={(widget, drawn) => (
          <EditFrame
            title={titleOf(widget)}
            place={widget}
            cell={cell}
            onStep={(to) => tell(widget, draft.place(widget.id, to))}
            onShift={(to) => {
              const place = draft.shift(widget.id, to);
              if (place) tell(widget, place);
            }}
            onDragStart={() => {
              dragged.current = content.widgets;
            }}
            onDrag={(to) => draft.place(widget.id, to, dragged.current ?? content.widgets)}
            onDragEnd={(kept) => {
              if (!kept && dragged.current) draft.change({ widgets: [...dragged.current] });
              dragged.current = null;
              const now = content.widgets.find(({ id }) => id === widget.id);
              if (kept && now) tell(widget, now);
            }}
            onSettings={() => setSetting(widget.id)}
            onRemove={() => {
              draft.remove(widget.id);
              announce(`${titleOf(widget)} removed`);
            }}
          >
            {drawn}
          </EditFrame>
        )}
      />
      {picking && (
        <WidgetPicker
          range={content.range}
          onClose={() => setPicking(false)}
          onPick={(offer) => {
            const widget = draft.add(offer);
            setPicking(false);
            tell(widget, widget);
          }}
        />
      )}
      {chosen && (
        <WidgetSettings
          key={chosen.id}
          widget={chosen}
          range={content.range}
          onClose={() => setSetting(null)}
          onSave={(changed) => {
            draft.replace(changed);
            setSetting(null);
          }}
        />
      )}
    </>
  );
}

const customName = (range: BoardRange): string => (range.preset === 'custom' ? `${range.from} – ${range.to}` : '');
