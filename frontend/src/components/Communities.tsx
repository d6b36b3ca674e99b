import type { ActiveCommunity } from '@passportx/analytics-backend/contract';
import type { AnalyticsData } from '../lib/api/data';
import { formatCount, formatDecimal, shorten } from '../lib/format';
import { ChartFrame, type FrameState } from './ChartFrame';
import { DataTable, type Column } from './DataTable';

const COLUMNS: readonly Column<ActiveCommunity>[] = [
  {
    name: 'Community',
    cell: ({ name, active }) => (
      <span title={name}>
        {name}
        {!active && <span className="ml-2 rounded-full bg-sunk px-2 py-0.5 text-xs text-ink-2">inactive</span>}
      </span>
    ),
  },
  {
    name: 'Owner',
    cell: ({ owner }) => (
      <span className="text-ink-2" title={owner}>
        {shorten(owner)}
      </span>
    ),
    wideOnly: true,
  },
  { name: 'Members', cell: ({ members }) => formatCount(members), numeric: true },
  {
    name: 'Badges',
    cell: ({ badgesIssued }) => <span className="font-semibold">{formatCount(badgesIssued)}</span>,
    numeric: true,
  },
];

export function Communities({
  state,
  communities,
}: {
  readonly state: FrameState;
  readonly communities: AnalyticsData['communities'] | undefined;
}) {
  return (
    <ChartFrame
      className="lg:col-span-8"
      title="Most active communities"
      says="By badges issued in all; a badge belongs to the community its event names, else to its issuer’s."
      aside={
        communities && (
          <span className="text-sm whitespace-nowrap text-ink-2 tabular-nums">
            {formatCount(communities.active)} of {formatCount(communities.total)} active
            <span className="max-sm:hidden"> · {formatDecimal(communities.averageMembers)} members each</span>
          </span>
        )
      }
      state={state}
      emptyText="No community has been founded yet."
    >
      {() => (
        <DataTable
          caption="Communities by badges issued"
          columns={COLUMNS}
          rows={communities?.mostActive ?? []}
          keyOf={({ communityId }) => communityId}
        />
      )}
    </ChartFrame>
  );
}
