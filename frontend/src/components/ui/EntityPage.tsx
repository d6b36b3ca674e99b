'use client';
import type { ReactNode } from 'react';
import type { Answer } from '../../lib/answer';
import { ApiError } from '../../lib/api/client';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useApi } from '../../lib/hooks/useApi';
import { FILTERS, type FilterName, type Filters } from '../../lib/view';
import { PageHead, type Crumb } from '../shell/PageHead';
import { ReportButton } from '../shell/ReportButton';
import { CARD } from './Card';

interface EntityPageProps<T> {
  readonly crumb: Crumb;
  /** One thing of the kind, in a word. */
  readonly noun: FilterName;
  readonly pathOf: (id: string) => string;
  readonly titleOf: (thing: T) => string;
  readonly saysOf: (thing: T) => ReactNode;
  /** @param filters what narrows a metric down to it, and to what else the page is narrowed down to */
  readonly children: (id: string, answer: Answer<T>, filters: Filters) => ReactNode;
}

/** The page of one thing, whose id is in the address: `?id=…`, since an exported page has no other. */
export function EntityPage<T>({ crumb, noun, pathOf, titleOf, saysOf, children }: EntityPageProps<T>) {
  const id = useAddress().query.get('id');
  const view = useView();
  const answer = useApi<T>(id === null || id === '' ? null : pathOf(id));
  const { data, error } = answer;
  const missing = !id || (error instanceof ApiError && error.kind === 'rejected');
  if (missing)
    return (
      <>
        <PageHead title={`No such ${noun}`} crumb={crumb} dated={false} says="The address names none that is known." />
        <p className={`px-5 py-16 text-center text-ink-2 ${CARD}`}>
          {error?.message ?? `An address of a ${noun} ends in ?id=, and its id.`}
        </p>
      </>
    );
  // It is narrowed down to this one already, whatever of its kind the address names.
  const filters: Filters = { ...view.filters, [noun]: id };
  return (
    <>
      <PageHead
        title={data ? titleOf(data) : '…'}
        crumb={crumb}
        says={data ? saysOf(data) : 'Loading…'}
        filters={FILTERS.filter((name) => name !== noun)}
      >
        <ReportButton filters={filters} />
      </PageHead>
      {children(id, answer, filters)}
    </>
  );
}
