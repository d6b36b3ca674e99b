'use client';
import type { Alert } from '@passportx/analytics-backend/contract';
import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRef, useState } from 'react';
import { useAlerts, useAlertsAsTheyStand } from '../../lib/hooks/useAlerts';
import { useRole } from '../../lib/hooks/useRole';
import { ForAdmins } from '../shell/ForAdmins';
import { PageHead } from '../shell/PageHead';
import { ChartFrame } from '../ui/ChartFrame';
import { AlertHistory } from './AlertHistory';
import { AlertLine } from './AlertLine';

const AlertForm = dynamic(() => import('./AlertForm'), { ssr: false });

/** What is watched, how it stands, and what has fired before. */
export function Alerts() {
  const answer = useAlerts();
  useAlertsAsTheyStand();
  const role = useRole();
  const isAdmin = role === 'admin';
  const [edited, setEdited] = useState<Alert | 'new' | null>(null);
  const opener = useRef<HTMLElement>(null);
  const edit = (what: Alert | 'new') => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setEdited(what);
  };
  return (
    <>
      <PageHead title="Alerts" dated={false} says="Watched with every batch and by the clock; all days are UTC">
        {isAdmin && (
          <button type="button" className="control control-primary" onClick={() => edit('new')}>
            <Plus aria-hidden size={16} /> New alert
          </button>
        )}
      </PageHead>
      <div className="grid gap-4 lg:grid-cols-12">
        <ChartFrame
          id="alerts"
          className="lg:col-span-7"
          title="Alerts"
          says={
            <>
              A condition on one metric. It fires once it holds, and is resolved once it is over.
              {role !== undefined && !isAdmin && (
                <>
                  {' '}
                  Admins set them. <ForAdmins />.
                </>
              )}
            </>
          }
          answer={answer}
          isEmpty={({ alerts }) => alerts.length === 0}
          emptyText={
            isAdmin ? 'No alert is set. Set one on what is counted, on a total, or on the chain.' : 'No alert is set.'
          }
          figures={({ alerts }) => ({
            columns: ['Name', 'State', 'Since', 'How it stands'],
            rows: alerts.map(({ name, phase, since, message }) => [name, phase, since, message]),
          })}
          isTable
        >
          {({ alerts }) => (
            <ul>
              {alerts.map((alert) => (
                <AlertLine key={alert.id} alert={alert} onEdit={isAdmin ? () => edit(alert) : undefined} />
              ))}
            </ul>
          )}
        </ChartFrame>
        <AlertHistory className="lg:col-span-5" />
      </div>
      {edited !== null && (
        <AlertForm alert={edited === 'new' ? null : edited} opener={opener} onClose={() => setEdited(null)} />
      )}
    </>
  );
}
