'use client';
import type { BoardRange, QueryComparison, QueryMetric, Widget } from '@passportx/analytics-backend/contract';
import { useId, useState, type ReactNode } from 'react';
import { filtersOf, groupsOf, KINDS, PRESET_NAMES, titleOf, type MeasuredWidget } from '../../lib/boards/widgets';
import { DIMENSION_LABELS, METRICS } from '../../lib/metrics';
import { COMPARISONS } from '../../lib/view';
import Sheet from '../shell/Sheet';
import { BoardWidget } from './BoardWidget';
import { WidgetFilters } from './WidgetFilters';

interface WidgetSettingsProps {
  readonly widget: Widget;
  readonly range: BoardRange;
  readonly onSave: (widget: Widget) => void;
  readonly onClose: () => void;
}

const MAX_TITLE = 80;
const MAX_TEXT = 500;
const SHAPES = { line: 'Lines', bar: 'Columns' } as const;
const INTERVALS = { auto: 'As fits the days', hour: 'Hours', day: 'Days', week: 'Weeks', month: 'Months' } as const;
const field = 'control mt-1 w-full justify-start';
const METRIC_NAMES = Object.fromEntries(Object.entries(METRICS).map(([id, { label }]) => [id, label]));
const COMPARISON_NAMES = Object.fromEntries(COMPARISONS.map(({ id, label }) => [id, label]));

/** What a widget shows, with the widget itself beside it as it will look. */
export default function WidgetSettings({ widget, range, onSave, onClose }: WidgetSettingsProps) {
  const [changed, setChanged] = useState(widget);
  const title = useId();
  return (
    <Sheet title={KINDS[widget.kind].name} place="middle" onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(tidy(changed));
        }}
      >
        <div inert className={changed.kind === 'number' || changed.kind === 'note' ? 'h-44' : 'h-96 sm:h-72'}>
          <BoardWidget widget={{ ...changed, id: 'preview' }} range={range} />
        </div>
        <div>
          <label htmlFor={title}>Title</label>
          <input
            id={title}
            className="mt-1 h-11 w-full rounded-[9px] border border-line-strong bg-card px-3"
            maxLength={MAX_TITLE}
            placeholder={titleOf({ ...changed, title: undefined } as unknown as Widget)}
            value={changed.title ?? ''}
            onChange={({ target }) => setChanged({ ...changed, title: target.value })}
          />
        </div>
        <Fields widget={changed} onChange={setChanged} />
        <div className="mt-2 flex justify-end gap-2">
          <button type="button" className="control" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="control control-primary">
            Apply
          </button>
        </div>
      </form>
    </Sheet>
  );
}

/** A title of blanks is none, and a note needs a word. */
function tidy(widget: Widget): Widget {
  const { title, ...rest } = widget;
  const text = title?.trim() ?? '';
  const titled = (text === '' ? rest : { ...rest, title: text }) as Widget;
  return titled.kind === 'note' && titled.text.trim() === '' ? { ...titled, text: 'Note' } : titled;
}

function Fields({ widget, onChange }: { readonly widget: Widget; readonly onChange: (widget: Widget) => void }) {
  switch (widget.kind) {
    case 'number':
      return (
        <>
          <MetricField widget={widget} onChange={onChange} />
          <CompareField value={widget.compare} onChange={(compare) => onChange({ ...widget, compare })} />
          <RangeField widget={widget} onChange={onChange} />
          <WidgetFilters widget={widget} onChange={onChange} />
        </>
      );
    case 'series':
      return (
        <>
          <MetricField widget={widget} onChange={onChange} />
          <Select
            label="Grouped by"
            value={widget.groupBy}
            names={{ none: 'Nothing', ...groupNames(widget.metric) }}
            onChange={(groupBy) => onChange({ ...widget, groupBy, ...(groupBy === 'none' ? {} : { compare: 'none' }) })}
          />
          <div className="grid grid-cols-2 gap-3">
            <Select
              label="Drawn as"
              value={widget.shape}
              names={SHAPES}
              onChange={(shape) => onChange({ ...widget, shape })}
            />
            <Select
              label="Each point"
              value={widget.interval}
              names={INTERVALS}
              onChange={(interval) => onChange({ ...widget, interval })}
            />
          </div>
          {widget.groupBy === 'none' && (
            <CompareField value={widget.compare} onChange={(compare) => onChange({ ...widget, compare })} />
          )}
          <RangeField widget={widget} onChange={onChange} />
          <WidgetFilters widget={widget} onChange={onChange} />
        </>
      );
    case 'ranking':
      return (
        <>
          <MetricField widget={widget} onChange={onChange} />
          <Select
            label="Ranked"
            value={widget.groupBy}
            names={groupNames(widget.metric)}
            onChange={(groupBy) => onChange({ ...widget, groupBy })}
          />
          <Select
            label="Lines"
            value={String(widget.limit)}
            names={{ 3: '3', 5: '5', 8: '8', 10: '10', 15: '15', 20: '20', [widget.limit]: String(widget.limit) }}
            onChange={(limit) => onChange({ ...widget, limit: Number(limit) })}
          />
          <RangeField widget={widget} onChange={onChange} />
          <WidgetFilters widget={widget} onChange={onChange} />
        </>
      );
    case 'note':
      return (
        <Labelled label="Text">
          {(id) => (
            <textarea
              id={id}
              rows={4}
              maxLength={MAX_TEXT}
              className="mt-1 w-full rounded-[9px] border border-line-strong bg-card p-3"
              value={widget.text}
              onChange={({ target }) => onChange({ ...widget, text: target.value })}
            />
          )}
        </Labelled>
      );
    case 'activity':
    case 'cohorts':
    case 'chain':
      return null;
  }
}

const groupNames = (metric: QueryMetric) =>
  Object.fromEntries(groupsOf(metric).map((group) => [group, DIMENSION_LABELS[group]])) as Record<
    typeof DIMENSION_LABELS extends Record<infer Name, string> ? Name : never,
    string
  >;

interface FieldProps<One extends Widget> {
  readonly widget: One;
  readonly onChange: (widget: Widget) => void;
}

/** Another metric may know fewer groups and filters: what it does not know goes. */
function MetricField({ widget, onChange }: FieldProps<MeasuredWidget>) {
  const choose = (metric: QueryMetric) => {
    const groups = groupsOf(metric);
    const filters = Object.fromEntries(
      Object.entries(widget.filters ?? {}).filter(([name]) => filtersOf(metric).some((known) => known === name)),
    );
    const { filters: _before, ...rest } = widget;
    const kept = { ...rest, metric, ...(Object.keys(filters).length > 0 ? { filters } : {}) };
    if (kept.kind === 'number' || groups.some((group) => group === kept.groupBy)) return onChange(kept);
    if (kept.kind === 'series') return onChange({ ...kept, groupBy: 'none' });
    onChange({ ...kept, groupBy: groups[0] ?? 'user' });
  };
  return (
    <Select label="Metric" value={widget.metric} names={METRIC_NAMES} onChange={(id) => choose(id as QueryMetric)} />
  );
}

function CompareField({ value, onChange }: { value: QueryComparison; onChange: (value: QueryComparison) => void }) {
  return (
    <Select
      label="Compared with"
      value={value}
      names={COMPARISON_NAMES}
      onChange={(id) => onChange(id as QueryComparison)}
    />
  );
}

function RangeField({ widget, onChange }: FieldProps<MeasuredWidget>) {
  const { range, ...rest } = widget;
  return (
    <Select
      label="Days"
      value={range?.preset ?? 'board'}
      names={{
        board: 'Those of the board',
        ...PRESET_NAMES,
        ...(range?.preset === 'custom' ? { custom: `${range.from} – ${range.to}` } : {}),
      }}
      onChange={(preset) => {
        if (preset === 'custom') return;
        onChange(preset === 'board' ? rest : { ...rest, range: { preset } });
      }}
    />
  );
}

interface SelectProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly names: Readonly<Partial<Record<Id, string>>>;
  readonly onChange: (id: Id) => void;
}

function Select<Id extends string>({ label, value, names, onChange }: SelectProps<Id>) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} className={field} value={value} onChange={({ target }) => onChange(target.value as Id)}>
          {Object.entries<string | undefined>(names).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
