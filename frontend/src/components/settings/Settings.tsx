'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { hasSession, signOut } from '../../lib/api/session';
import { API_DOCS } from '../../lib/api/client';
import { formatCount, formatDecimal, formatMoment } from '../../lib/format';
import { useRole } from '../../lib/hooks/useRole';
import { useSettings } from '../../lib/hooks/useSettings';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { PageHead } from '../shell/PageHead';
import { TokenForm } from '../shell/TokenForm';
import { CARD } from '../ui/Card';
import { Segments } from '../ui/Choices';
import { useToast } from '../ui/Toast';

const THEMES = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const;
const CONTRASTS = [
  { id: 'system', label: 'As the system' },
  { id: 'standard', label: 'Standard' },
  { id: 'more', label: 'More' },
] as const;
const MOTIONS = [
  { id: 'system', label: 'As the system' },
  { id: 'full', label: 'Full' },
  { id: 'reduce', label: 'Less' },
] as const;
const CLOCKS = [
  { id: 'utc', label: 'UTC' },
  { id: 'local', label: 'My time zone' },
] as const;
const KEYS = [
  { id: 'on', label: 'On' },
  { id: 'off', label: 'Off' },
] as const;
/** Ways of writing numbers and dates; the words of the page are English in all of them. */
const LOCALES = [
  ['system', 'As the browser'],
  ['en-GB', 'English (United Kingdom)'],
  ['en-US', 'English (United States)'],
  ['en-NG', 'English (Nigeria)'],
  ['de-DE', 'Deutsch'],
  ['de-CH', 'Deutsch (Schweiz)'],
  ['es-ES', 'Español'],
  ['fr-FR', 'Français'],
  ['hi-IN', 'हिन्दी'],
  ['ja-JP', '日本語'],
  ['pt-BR', 'Português (Brasil)'],
  ['tr-TR', 'Türkçe'],
  ['zh-CN', '中文'],
] as const;

/** Any moment does; one with two digits everywhere shows the order best. */
const EXAMPLE = '2026-11-25T18:40:15.000Z';

/** What the viewer chooses about the page itself; kept in this browser only. */
export function Settings() {
  const [settings, set] = useSettings();
  const locale = useId();
  return (
    <>
      <PageHead title="Settings" dated={false} says="Kept in this browser" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Group title="Look">
          <Setting name="Theme" says="Colours of the page and of every picture.">
            <Segments label="Theme" choices={THEMES} chosen={settings.theme} onChoose={(id) => set('theme', id)} />
          </Setting>
          <Setting name="Contrast" says="More: darker text, lines that are seen, underlined names.">
            <Segments
              label="Contrast"
              choices={CONTRASTS}
              chosen={settings.contrast}
              onChoose={(id) => set('contrast', id)}
            />
          </Setting>
          <Setting name="Motion" says="Less: numbers change at once, nothing slides or breathes.">
            <Segments label="Motion" choices={MOTIONS} chosen={settings.motion} onChoose={(id) => set('motion', id)} />
          </Setting>
        </Group>
        <Group title="Numbers and times">
          <div className="border-b border-line py-3">
            <label htmlFor={locale} className="font-medium">
              Written as in
            </label>
            <p className="mb-2 text-sm text-ink-2">
              Now: {formatCount(1_234_567)} · {formatDecimal(9.56)} · {formatMoment(EXAMPLE)}
            </p>
            <select
              id={locale}
              className="control w-full max-w-72"
              value={settings.locale}
              onChange={(event) => set('locale', event.target.value)}
            >
              {LOCALES.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <Setting
            name="Clock"
            says="How moments are told. Days, weeks and hours of day are counted in UTC whatever is chosen."
          >
            <Segments label="Clock" choices={CLOCKS} chosen={settings.clock} onChoose={(id) => set('clock', id)} />
          </Setting>
          <Setting name="Keys of one letter" says="? lists them. Off, if you speak to your computer.">
            <Segments label="Keys" choices={KEYS} chosen={settings.keys} onChoose={(id) => set('keys', id)} />
          </Setting>
        </Group>
        <Session />
        <Group title="For programs">
          <p className="py-3 text-ink-2">
            Every number of these pages comes from the same calls that are open to you.{' '}
            <a href={API_DOCS} className="font-medium whitespace-nowrap text-accent-ink underline underline-offset-2">
              API documentation
            </a>
          </p>
        </Group>
      </div>
    </>
  );
}

interface GroupProps {
  readonly title: string;
  /** What links lead to. */
  readonly anchor?: string;
  readonly children: ReactNode;
}

function Group({ title, anchor, children }: GroupProps) {
  const id = useId();
  return (
    <section id={anchor} aria-labelledby={id} className={`p-4 sm:p-5 ${CARD}`}>
      <h2 id={id} className="mb-1 font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Setting({
  name,
  says,
  children,
}: {
  readonly name: string;
  readonly says: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{name}</p>
        <p className="text-sm text-ink-2">{says}</p>
      </div>
      {children}
    </div>
  );
}

/** Who one is to the service. An open dashboard needs no session, but an admin's calls do: a viewer signs in as one here. */
function Session() {
  const client = useQueryClient();
  const role = useRole();
  const { close } = useAnalyticsUpdates();
  const say = useToast();
  const leave = async () => {
    try {
      await signOut();
    } catch {
      return say('The service could not be told: you are still signed in.');
    }
    close();
    await client.resetQueries();
  };
  return (
    <Group title="Session" anchor="session">
      {(role === undefined ? hasSession() : role !== null) && (
        <div className="flex flex-wrap items-center justify-between gap-3 py-3">
          <p className="text-ink-2">Signed in on this browser{role && `, with the ${role} token`}.</p>
          <button type="button" className="control" onClick={() => void leave()}>
            Sign out
          </button>
        </div>
      )}
      {role !== undefined && role !== 'admin' && (
        <div className="pt-1">
          <p className="mb-3 text-sm text-ink-2">
            {role === null && 'This dashboard is open to you. '}The admin token shows what was set aside, and lets you
            act on it.
          </p>
          <TokenForm
            onSignedIn={() => {
              close();
              void client.resetQueries();
              say('Signed in');
            }}
          />
        </div>
      )}
    </Group>
  );
}
