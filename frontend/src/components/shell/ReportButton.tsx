'use client';
import type { FilterQuery, ReportJob } from '@passportx/analytics-backend/contract';
import { FileDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { BACKEND_URL, call, getJson } from '../../lib/api/client';
import { useView } from '../../lib/hooks/useAddress';
import type { Filters } from '../../lib/view';
import { useToast } from '../ui/Toast';

const LOOK_MS = 500;

interface ReportButtonProps {
  /** What the page is narrowed down to: the report is, too. */
  readonly filters: Filters;
}

/** Makes a PDF of the days that the page shows, tells how far it is, and saves it. */
export function ReportButton({ filters }: ReportButtonProps) {
  const { range } = useView();
  const say = useToast();
  const [progress, setProgress] = useState<number | null>(null);
  const left = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    left.current = controller;
    return () => controller.abort();
  }, []);

  const make = async () => {
    const { signal } = left.current;
    setProgress(0);
    try {
      const body = JSON.stringify({ from: range.from, to: range.to, filters: asked(filters) });
      const headers = { 'content-type': 'application/json' };
      let job = (await (await call('/api/reports', { method: 'POST', headers, body, signal })).json()) as ReportJob;
      while (job.status === 'waiting' || job.status === 'running') {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        if (signal.aborted) return;
        job = await getJson<ReportJob>(`/api/reports/${encodeURIComponent(job.id)}`, signal);
        setProgress(job.progress);
      }
      if (job.file === null) throw new Error('The report could not be made. Try again in a moment.');
      const link = document.createElement('a');
      link.href = `${BACKEND_URL}${job.file}`;
      link.download = '';
      link.click();
      say('The report is saved');
    } catch (failure) {
      if (!signal.aborted) say(failure instanceof Error ? failure.message : 'That did not work.');
    } finally {
      if (!signal.aborted) setProgress(null);
    }
  };
  return (
    <button type="button" className="control" data-report disabled={progress !== null} onClick={() => void make()}>
      <FileDown aria-hidden size={15} className="text-ink-2" />
      {progress === null ? 'Report' : <span className="tabular-nums">Report {progress} %</span>}
      <span role="status" className="sr-only">
        {progress === null ? '' : 'The report is being made'}
      </span>
    </button>
  );
}

/** As the service takes them: lists, levels as numbers. */
const asked = ({ level, ...texts }: Filters): FilterQuery => ({
  ...Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, [value]])),
  ...(level !== undefined && { level: [Number(level)] }),
});
