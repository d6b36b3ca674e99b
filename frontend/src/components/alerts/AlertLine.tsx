'use client';
import type { Alert, AlertChanges, WebhookTest } from '@passportx/analytics-backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { BellOff, BellRing, Pencil, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { PHASE_WORDS } from '../../lib/alerts';
import { call } from '../../lib/api/client';
import { formatMoment } from '../../lib/format';
import { ALERTS_PATH } from '../../lib/hooks/useAlerts';
import { useToast } from '../ui/Toast';

const SILENCE_MS = 3_600_000;

const TONES: Readonly<Record<Alert['phase'], string>> = {
  ok: 'bg-sunk text-ink-2',
  pending: 'bg-notice text-notice-ink',
  firing: 'bg-down text-page',
  resolved: 'bg-sunk text-up',
};

/** One alert: how it stands, and what an admin can do about it. */
export function AlertLine({ alert, onEdit }: { readonly alert: Alert; readonly onEdit: () => void }) {
  const client = useQueryClient();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const act = async (init: RequestInit, suffix: string, words: (response: Response) => Promise<string> | string) => {
    setBusy(true);
    try {
      say(await words(await call(`${ALERTS_PATH}/${encodeURIComponent(alert.id)}${suffix}`, init)));
      await client.invalidateQueries();
    } catch (failure) {
      say(failure instanceof Error ? failure.message : 'That did not work.');
    } finally {
      setBusy(false);
    }
  };
  const change = (changes: AlertChanges, words: string) =>
    act(
      { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(changes) },
      '',
      () => words,
    );
  const silence = () => {
    const until =
      alert.silencedUntil !== null && alert.silenced ? null : new Date(Date.now() + SILENCE_MS).toISOString();
    return change({ silencedUntil: until }, until === null ? 'It sends again' : 'It sends nothing for an hour');
  };
  const test = () =>
    act({ method: 'POST' }, '/test', async (response) => {
      const { delivered, error } = (await response.json()) as WebhookTest;
      return delivered ? 'The receiver took the test message' : `Not delivered: ${error ?? 'unknown'}`;
    });
  const isSilencedByHand = alert.silenced && alert.silencedUntil !== null;
  return (
    <li data-alert={alert.name} data-phase={alert.phase} className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-2 font-medium">
            <span className="min-w-0 break-words">{alert.name}</span>
            <span className={`rounded-full px-2 py-0.5 text-xs font-semibold ${TONES[alert.phase]}`}>
              {alert.enabled ? PHASE_WORDS[alert.phase] : 'Off'}
            </span>
            {alert.silenced && (
              <span className="rounded-full bg-sunk px-2 py-0.5 text-xs font-medium text-ink-2">Silenced</span>
            )}
          </h3>
          <p className="mt-0.5 text-sm text-ink-2">{alert.message}</p>
          <p className="mt-0.5 text-xs text-ink-3">
            {alert.since !== null && `${PHASE_WORDS[alert.phase]} since ${formatMoment(alert.since)} · `}
            {alert.webhook === null ? 'Shown here only' : `Sent to ${alert.webhook.host}`}
            {isSilencedByHand && alert.silencedUntil !== null && ` · silent until ${formatMoment(alert.silencedUntil)}`}
          </p>
        </div>
        <div role="group" aria-label={`Change ${alert.name}`} className="flex gap-1.5">
          <Tool icon={Pencil} name={`Edit ${alert.name}`} busy={busy} onAct={onEdit} />
          <Tool
            icon={isSilencedByHand ? BellRing : BellOff}
            name={isSilencedByHand ? `End the silence of ${alert.name}` : `Silence ${alert.name} for an hour`}
            busy={busy}
            onAct={() => void silence()}
          />
          {alert.webhook !== null && (
            <Tool icon={Send} name={`Send a test message of ${alert.name}`} busy={busy} onAct={() => void test()} />
          )}
          {deleting ? (
            <button
              type="button"
              className="control text-down"
              disabled={busy}
              onClick={() => void act({ method: 'DELETE' }, '', () => 'Deleted')}
              onBlur={() => setDeleting(false)}
            >
              Delete?
            </button>
          ) : (
            <Tool icon={Trash2} name={`Delete ${alert.name}`} busy={busy} onAct={() => setDeleting(true)} />
          )}
        </div>
      </div>
    </li>
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
