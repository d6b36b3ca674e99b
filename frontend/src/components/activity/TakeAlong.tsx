'use client';
import { Download, FileDown } from 'lucide-react';
import { useState } from 'react';
import type { ActivityFilters } from '../../lib/api/analytics';
import { activityExportPath } from '../../lib/api/paths';
import { TABLE_FORMATS } from '../../lib/chart/table';
import { saveExport } from '../../lib/save';
import { Action } from '../ui/Choices';
import { Popup } from '../ui/Popup';
import { useToast } from '../ui/Toast';

/** The whole activity, as it is narrowed down, in a file that the service makes. */
export function TakeAlong({ narrowed }: { readonly narrowed: ActivityFilters }) {
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const take = async (format: string) => {
    setBusy(true);
    try {
      await saveExport(activityExportPath(narrowed, format));
    } catch (failure) {
      say(failure instanceof Error ? failure.message : 'That did not work.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popup
      label="Download"
      className="control"
      panelClassName="w-44 p-1.5"
      trigger={
        <>
          <Download aria-hidden size={15} className="text-ink-2" />
          <span className="max-sm:sr-only">{busy ? 'Making the file…' : 'Download'}</span>
        </>
      }
    >
      {(close) => (
        <ul>
          {TABLE_FORMATS.map(({ format, name }) => (
            <Action
              key={format}
              icon={FileDown}
              onAct={() => {
                close();
                void take(format);
              }}
            >
              {name}
            </Action>
          ))}
        </ul>
      )}
    </Popup>
  );
}
