import type { QuietHours } from '@passportx/analytics-backend/contract';
import { Plus, Trash2 } from 'lucide-react';
import { WEEKDAYS } from '../../lib/alerts';
import { Field } from '../ui/Fields';

/** As many as the service keeps. */
const MAX_QUIET_HOURS = 10;
const WEEKEND: QuietHours = { days: [6, 7], from: '00:00', to: '00:00' };

interface QuietHoursFieldsProps {
  readonly quietHours: readonly QuietHours[];
  readonly onChange: (quietHours: readonly QuietHours[]) => void;
}

/** When an alert sends nothing, every week: days and the time between two hours, UTC. */
export function QuietHoursFields({ quietHours, onChange }: QuietHoursFieldsProps) {
  const replace = (index: number, changes: Partial<QuietHours>) =>
    onChange(quietHours.map((quiet, at) => (at === index ? { ...quiet, ...changes } : quiet)));
  return (
    <div className="flex flex-col gap-3">
      {quietHours.map((quiet, index) => (
        <fieldset key={index} className="min-w-0 rounded-[10px] border border-line p-3">
          <legend className="sr-only">Quiet hours {index + 1}</legend>
          <div className="grid grid-cols-7 gap-1">
            {WEEKDAYS.map((name, at) => (
              <Day
                key={name}
                name={name}
                chosen={quiet.days.includes(at + 1)}
                onToggle={(chosen) =>
                  replace(index, {
                    days: chosen ? [...quiet.days, at + 1].toSorted() : quiet.days.filter((day) => day !== at + 1),
                  })
                }
              />
            ))}
          </div>
          <div className="mt-3 grid grid-cols-1 items-end gap-3 min-[460px]:grid-cols-[1fr_1fr_auto]">
            <Time label="From, UTC" value={quiet.from} onChange={(from) => replace(index, { from })} />
            <Time label="To, UTC" value={quiet.to} onChange={(to) => replace(index, { to })} />
            <button
              type="button"
              className="control h-11 px-3 text-ink-2"
              onClick={() => onChange(quietHours.filter((_, at) => at !== index))}
            >
              <Trash2 aria-hidden size={15} />
              <span className="sr-only">Remove quiet hours {index + 1}</span>
            </button>
          </div>
        </fieldset>
      ))}
      {quietHours.length < MAX_QUIET_HOURS && (
        <button type="button" className="control" onClick={() => onChange([...quietHours, WEEKEND])}>
          <Plus aria-hidden size={15} /> Add quiet hours
        </button>
      )}
    </div>
  );
}

interface DayProps {
  readonly name: string;
  readonly chosen: boolean;
  readonly onToggle: (chosen: boolean) => void;
}

const Day = ({ name, chosen, onToggle }: DayProps) => (
  <button
    type="button"
    aria-pressed={chosen}
    className="min-h-11 rounded-lg border border-line text-sm text-ink-2 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent-ink"
    onClick={() => onToggle(!chosen)}
  >
    {name}
  </button>
);

interface TimeProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (time: string) => void;
}

const Time = ({ label, value, onChange }: TimeProps) => (
  <Field
    className="min-w-0"
    type="time"
    name=""
    label={label}
    value={value}
    error={undefined}
    onChange={({ target }) => onChange(target.value)}
  />
);
