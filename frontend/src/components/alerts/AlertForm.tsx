'use client';
import type {
  Alert,
  AlertCondition,
  AlertMetric,
  AlertWindow,
  QuietHours,
  SavedAlert,
} from '@passportx/analytics-backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type RefObject } from 'react';
import {
  conditionsOf,
  KIND_LABELS,
  lengthOf,
  METRIC_CHOICES,
  unitOf,
  usesWindow,
  WINDOWS,
  type MetricChoice,
} from '../../lib/alerts';
import { ApiError, call } from '../../lib/api/client';
import { ALERTS_PATH } from '../../lib/hooks/useAlerts';
import Sheet from '../shell/Sheet';
import { useToast } from '../ui/Toast';
import { Field, NumberField, SelectField } from '../ui/Fields';
import { QuietHoursFields } from './QuietHoursFields';

interface AlertFormProps {
  /** Null: a new one. */
  readonly alert: Alert | null;
  readonly opener: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** What the service refuses, by field. */
type Refusals = Readonly<Record<string, string>>;

const KINDS: readonly MetricChoice['kind'][] = ['counted', 'standing', 'chain'];
const numberOf = (form: FormData, name: string): number | undefined => {
  const text = form.get(name);
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : undefined;
};

/** Sets or changes an alert; the secret of its webhook is shown here, once. For admins: the service refuses others. */
export default function AlertForm({ alert, opener, onClose }: AlertFormProps) {
  const client = useQueryClient();
  const say = useToast();
  const [metric, setMetric] = useState<AlertMetric>(alert?.metric ?? 'badgesIssued');
  const [wanted, setWanted] = useState<AlertCondition>(alert?.condition ?? 'above');
  const [window, setWindow] = useState<AlertWindow>(alert?.window ?? 'today');
  const [quietHours, setQuietHours] = useState<readonly QuietHours[]>(alert?.quietHours ?? []);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusals>({});
  const [secret, setSecret] = useState<string | null>(null);
  const conditions = conditionsOf(metric);
  const condition = conditions.some(({ id }) => id === wanted) ? wanted : 'above';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const url = form.get('webhookUrl');
    const body = {
      ...{ name: form.get('name'), metric, condition, window },
      ...{ threshold: numberOf(form, 'threshold'), clearAt: numberOf(form, 'clearAt') ?? null },
      ...{ forSeconds: numberOf(form, 'forSeconds') ?? 0, clearForSeconds: numberOf(form, 'clearForSeconds') ?? 0 },
      ...(length !== null && { [length]: numberOf(form, length) }),
      ...{ enabled: form.get('enabled') === 'on', quietHours },
      ...(typeof url === 'string' && url.trim() !== '' && { webhookUrl: url.trim() }),
      ...(form.get('noWebhook') === 'on' && { webhookUrl: null }),
    };
    setBusy(true);
    setRefused({});
    try {
      const response = await call(alert === null ? ALERTS_PATH : `${ALERTS_PATH}/${encodeURIComponent(alert.id)}`, {
        method: alert === null ? 'POST' : 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { webhookSecret } = (await response.json()) as SavedAlert;
      void client.invalidateQueries();
      if (webhookSecret === null) {
        say(alert === null ? 'The alert is set' : 'The alert is changed');
        onClose();
      } else setSecret(webhookSecret);
    } catch (failure) {
      setRefused(refusalsOf(failure));
    } finally {
      setBusy(false);
    }
  };

  const length = usesWindow(metric, condition) ? lengthOf(window) : null;
  if (secret !== null) return <Secret secret={secret} opener={opener} onClose={onClose} />;
  return (
    <Sheet title={alert === null ? 'New alert' : 'Edit alert'} place="middle" opener={opener} onClose={onClose}>
      <form
        noValidate
        className="grid grid-cols-1 gap-4 px-3 pb-2 sm:grid-cols-2"
        onSubmit={(event) => void submit(event)}
      >
        <Field
          className="sm:col-span-2"
          label="Name"
          name="name"
          maxLength={100}
          required
          defaultValue={alert?.name}
          error={refused['name']}
        />
        <SelectField
          label="Metric"
          value={metric}
          error={refused['metric']}
          onChange={setMetric}
          groups={KINDS.map(
            (kind) => [KIND_LABELS[kind], METRIC_CHOICES.filter((each) => each.kind === kind)] as const,
          )}
        />
        <SelectField
          label="Condition"
          value={condition}
          error={refused['condition']}
          onChange={setWanted}
          groups={[['', conditions]]}
        />
        <NumberField
          label={unitOf(condition)}
          name="threshold"
          required
          defaultValue={alert?.threshold}
          error={refused['threshold']}
        />
        {usesWindow(metric, condition) && (
          <SelectField
            label="Period"
            value={window}
            onChange={setWindow}
            groups={[['', WINDOWS]]}
            error={refused['window']}
          />
        )}
        {length !== null && (
          <NumberField
            key={length}
            label={`How many ${length}`}
            name={length}
            defaultValue={alert?.[length] ?? (length === 'days' ? 7 : 1)}
            error={refused[length]}
          />
        )}
        <details className="sm:col-span-2" open={alert !== null}>
          <summary className="cursor-pointer py-2 font-medium">Patience and calm</summary>
          <div className="grid gap-4 pt-2 sm:grid-cols-2">
            <NumberField
              label="Fires after holding for, seconds"
              name="forSeconds"
              defaultValue={alert?.forSeconds ?? 0}
              error={refused['forSeconds']}
            />
            <NumberField
              label="Is over after calm for, seconds"
              name="clearForSeconds"
              defaultValue={alert?.clearForSeconds ?? 300}
              error={refused['clearForSeconds']}
            />
            {condition !== 'noData' && (
              <NumberField
                label="Is calm at (empty: at the threshold)"
                name="clearAt"
                defaultValue={alert?.clearAt ?? undefined}
                error={refused['clearAt']}
              />
            )}
          </div>
        </details>
        <details className="sm:col-span-2" open={quietHours.length > 0}>
          <summary className="cursor-pointer py-2 font-medium">Quiet hours</summary>
          <p className="pb-3 text-sm text-ink-2">
            Every week in these hours it sends no webhook; it still shows, and is sent afterwards if it still fires.
          </p>
          <QuietHoursFields quietHours={quietHours} onChange={setQuietHours} />
          <p role="alert" className="mt-1 text-sm text-down empty:hidden">
            {refused['quietHours']}
          </p>
        </details>
        <Field
          className="sm:col-span-2"
          label={alert?.webhook ? `Webhook, now ${alert.webhook.host}; empty keeps it` : 'Webhook (optional)'}
          name="webhookUrl"
          type="url"
          placeholder="https://hooks.example/alerts"
          error={refused['webhookUrl']}
        />
        {alert?.webhook && <Check name="noWebhook" label="Send no webhook any more" />}
        <Check name="enabled" label="On: it is watched" defaultChecked={alert?.enabled ?? true} />
        <p role="alert" className="text-sm text-down empty:hidden sm:col-span-2">
          {refused['']}
        </p>
        <button type="submit" className="control control-primary sm:col-span-2" disabled={busy}>
          {busy ? 'Saving…' : alert === null ? 'Set the alert' : 'Save'}
        </button>
      </form>
    </Sheet>
  );
}

interface CheckProps {
  readonly name: string;
  readonly label: string;
  readonly defaultChecked?: boolean;
}

const Check = ({ name, label, defaultChecked = false }: CheckProps) => (
  <label className="flex min-h-9 items-center gap-2.5 max-md:min-h-11 sm:col-span-2">
    <input type="checkbox" name={name} defaultChecked={defaultChecked} className="size-4.5 accent-accent" />
    {label}
  </label>
);

function Secret({ secret, opener, onClose }: Pick<AlertFormProps, 'opener' | 'onClose'> & { readonly secret: string }) {
  return (
    <Sheet title="The alert is set" place="middle" opener={opener} onClose={onClose}>
      <div className="px-3 pb-2">
        <p className="text-ink-2">
          Its messages are signed with this secret. It is shown now and never again: give it to the receiver.
        </p>
        <code className="mt-3 block rounded-lg bg-sunk px-3 py-2 font-mono text-sm break-all">{secret}</code>
        <button type="button" className="control control-primary mt-4 w-full" onClick={onClose}>
          Done
        </button>
      </div>
    </Sheet>
  );
}

/** By field; under no name what is of none, such as that it is for admins. */
function refusalsOf(failure: unknown): Refusals {
  if (!(failure instanceof ApiError)) return { '': 'That did not work. Try again in a moment.' };
  if (failure.kind === 'forbidden')
    return { '': 'Alerts are set by admins. Sign in with the admin token in the settings.' };
  const errors = failure.problem?.errors ?? [];
  if (errors.length === 0) return { '': failure.message };
  return Object.fromEntries(errors.map(({ field, message }) => [/^\w+/.exec(field)?.[0] ?? '', message]));
}
