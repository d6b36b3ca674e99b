'use client';
import type { Alert, AlertChanges, WebhookTest } from '@passportx/analytics-backend/contract';
import { BellOff, BellRing, Pencil, Send, Trash2 } from 'lucide-react';
import { describeQuiet, PHASE_WORDS } from '../../lib/alerts';
import { formatMoment } from '../../lib/format';
import { useAct } from '../../lib/hooks/useAct';
import { ALERTS_PATH } from '../../lib/hooks/useAlerts';
import { useNow } from '../../lib/hooks/useNow';
import { SureButton } from '../ui/SureButton';

const SILENCE_MS = 3_600_000;

const TONES: Readonly<Record<Alert['phase'], string>> = {
  ok: 'bg-sunk text-ink-2',
  pending: 'bg-notice text-notice-ink',
  firing: 'bg-down text-page',
  resolved: 'bg-sunk text-up',
};

interface AlertLineProps {
  readonly alert: Alert;
  /** Undefined for those who only look. */
  readonly onEdit: (() => void) | undefined;
}

/** One alert: how it stands, and what an admin can do about it. */
export function AlertLine({ alert, onEdit }: AlertLineProps) {
  const now = useNow(10_000);
  const { silencedUntil, quietHours } = alert;
  const isSilencedByHand = silencedUntil !== null && Date.parse(silencedUntil) > now;
  return (
    <li data-alert={alert.name} data-phase={alert.phase} className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-2 font-medium">
            <span className="min-w-0 break-words">{alert.name}</span>
            <span
              className={`rounded-full px-2 py-0.5 text-xs font-semibold ${TONES[alert.enabled ? alert.phase : 'ok']}`}
            >
              {alert.enabled ? PHASE_WORDS[alert.phase] : 'Off'}
            </span>
            {alert.silenced && (
              <span className="rounded-full bg-sunk px-2 py-0.5 text-xs font-medium text-ink-2">Silenced</span>
            )}
          </h3>
          <p className="mt-0.5 text-sm text-ink-2">{alert.message}</p>
          <p className="mt-0.5 text-xs text-ink-3">
            {[
              alert.since !== null && `${PHASE_WORDS[alert.phase]} since ${formatMoment(alert.since)}`,
              alert.webhook === null ? 'Shown here only' : `Sent to ${alert.webhook.host}`,
              isSilencedByHand && `silent until ${formatMoment(silencedUntil)}`,
              ...quietHours.map((quiet) => `quiet ${describeQuiet(quiet)}`),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {onEdit && <Tools alert={alert} isSilenced={isSilencedByHand} onEdit={onEdit} />}
      </div>
    </li>
  );
}

interface ToolsProps {
  readonly alert: Alert;
  readonly isSilenced: boolean;
  readonly onEdit: () => void;
}

function Tools({ alert, isSilenced, onEdit }: ToolsProps) {
  const { busy, act } = useAct();
  const path = `${ALERTS_PATH}/${encodeURIComponent(alert.id)}`;
  const change = (changes: AlertChanges, words: string) =>
    act(
      path,
      { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(changes) },
      () => words,
    );
  const silence = () => {
    const until = isSilenced ? null : new Date(Date.now() + SILENCE_MS).toISOString();
    return change({ silencedUntil: until }, until === null ? 'It sends again' : 'It sends nothing for an hour');
  };
  const test = () =>
    act(`${path}/test`, { method: 'POST' }, async (response) => {
      const { delivered, error } = (await response.json()) as WebhookTest;
      return delivered ? 'The receiver took the test message' : `Not delivered: ${error ?? 'unknown'}`;
    });
  return (
    <div role="group" aria-label={`Change ${alert.name}`} className="flex gap-1.5">
      <Tool icon={Pencil} name={`Edit ${alert.name}`} busy={busy} onAct={onEdit} />
      <Tool
        icon={isSilenced ? BellRing : BellOff}
        name={isSilenced ? `End the silence of ${alert.name}` : `Silence ${alert.name} for an hour`}
        busy={busy}
        onAct={() => void silence()}
      />
      {alert.webhook !== null && (
        <Tool icon={Send} name={`Send a test message of ${alert.name}`} busy={busy} onAct={() => void test()} />
      )}
      <SureButton
        ask={`Delete ${alert.name}?`}
        title={`Delete ${alert.name}`}
        className="px-2.5 text-ink-2"
        busy={busy}
        onAct={() => void act(path, { method: 'DELETE' }, () => 'Deleted')}
      >
        <Trash2 aria-hidden size={15} />
        <span className="sr-only">Delete {alert.name}</span>
      </SureButton>
    </div>
  );
}

interface ToolProps {
  readonly icon: typeof Pencil;
  readonly name: string;
  readonly busy: boolean;
  readonly onAct: () => void;
}

function Tool({ icon: Icon, name, busy, onAct }: ToolProps) {
  return (
    <button type="button" title={name} className="control px-2.5 text-ink-2" disabled={busy} onClick={onAct}>
      <Icon aria-hidden size={15} />
      <span className="sr-only">{name}</span>
    </button>
  );
}
