'use client';
import type { BlockReference, ChainStatus } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { countOf, formatAgo, formatCount, formatDuration, formatMoment } from '../../lib/format';
import { useChainStatus } from '../../lib/hooks/useChainStatus';
import { useNow } from '../../lib/hooks/useNow';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { describeBlocks, describeReorg } from '../../lib/live/updates';
import { PageHead } from '../shell/PageHead';
import { ChartFrame } from '../ui/ChartFrame';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';
import { Facts } from '../ui/Facts';
import { Principal } from '../ui/Principal';
import { Stats } from '../ui/Stat';
import { Quarantine } from './Quarantine';
import { UnprovenBlocks } from './UnprovenBlocks';

type Predicate = ChainStatus['predicates'][number];
const PREDICATES: readonly Column<Predicate>[] = [
  { name: 'Predicate', value: ({ name }) => name, cell: ({ name, uuid }) => <span title={uuid}>{name}</span> },
  { name: 'Status', value: ({ status }) => status, cell: ({ status }) => status },
  {
    name: 'Last block',
    value: ({ lastBlock }) => lastBlock,
    cell: ({ lastBlock }) => (lastBlock === null ? '–' : formatCount(lastBlock)),
    numeric: true,
  },
];

/** Of what there is not yet. */
const none = () => '–';

/** The chain behind the numbers: how far it is, whether it moves, what it took back, what nothing proves yet. */
export function Chain() {
  const chain = useChainStatus();
  const { reorgs: heard } = useAnalyticsUpdates();
  const now = useNow(1_000);
  const { data } = chain;
  const tip = data?.tip ?? null;
  return (
    <>
      <PageHead title="Chain" dated={false} says="What the numbers rest on: blocks, delivered by a Chainhook node" />
      <div className="flex flex-col gap-4">
        <Stats
          stats={[
            {
              id: 'height',
              label: 'Newest block',
              value: data && (tip?.height ?? 0),
              format: tip ? formatCount : none,
              note: tip ? formatAgo(tip.at, now) : 'none yet',
            },
            {
              id: 'lag',
              label: 'Behind the clock',
              value: data && (tip ? Math.max(0, now - Date.parse(tip.at)) : 0),
              format: tip ? formatDuration : none,
              note: data?.lastDeliveryAt ? `heard ${formatAgo(data.lastDeliveryAt, now)}` : 'no delivery yet',
            },
            {
              id: 'reorgs',
              label: 'Reorganisations',
              value: data?.reorgs.count,
              note:
                data && (data.reorgs.count === 0 ? 'none seen' : `deepest ${countOf(data.reorgs.deepest, 'block')}`),
            },
            {
              id: 'unproven',
              label: 'Unproven blocks',
              value: data?.unprovenCount,
              note: data?.unprovenCount === 0 ? 'all are confirmed' : 'not confirmed',
            },
          ]}
        />
        <div className="grid gap-4 lg:grid-cols-12">
          <ChartFrame
            id="reorg"
            className="lg:col-span-6"
            title="Last reorganisation"
            says="The chain put other blocks in the place of these; the numbers followed."
            answer={mapAnswer(chain, ({ reorgs }) => reorgs.last)}
            isEmpty={(last) => last === null}
            emptyText="No block has been replaced since the first one."
          >
            {(last) => {
              const told = heard.find(({ rolledBack }) => rolledBack[0]?.hash === last?.rolledBack[0]?.hash);
              return (
                last && (
                  <Facts
                    facts={[
                      ['When', formatMoment(last.at)],
                      ...(told ? [['What it meant', describeReorg(told).detail] as const] : []),
                      ['Withdrawn', <Blocks key="back" blocks={last.rolledBack} count={last.counts.rolledBack} />],
                      ['In their place', <Blocks key="applied" blocks={last.applied} count={last.counts.applied} />],
                    ]}
                  />
                )
              );
            }}
          </ChartFrame>
          <ChartFrame
            id="predicates"
            className="lg:col-span-6"
            title="Predicates"
            says="What the node is asked to deliver, as the service registered it."
            answer={mapAnswer(chain, ({ predicates }) => predicates)}
            isEmpty={(predicates) => predicates.length === 0}
            emptyText="The service registered none itself: the node was told by hand, or there is none."
            figures={(predicates) => tableFigures(PREDICATES, predicates)}
            isTable
          >
            {(predicates) => (
              <DataTable caption="Predicates" columns={PREDICATES} rows={predicates} keyOf={({ uuid }) => uuid} />
            )}
          </ChartFrame>
          <UnprovenBlocks answer={mapAnswer(chain, ({ unproven }) => unproven)} />
          <Quarantine />
        </div>
      </div>
    </>
  );
}

/** Blocks by their heights, and by its hash if it is one. */
function Blocks({ blocks, count }: { readonly blocks: readonly BlockReference[]; readonly count: number }) {
  return (
    <>
      {describeBlocks(blocks, count)}
      {blocks.length === 1 && blocks[0] && (
        <span className="ml-2 font-normal text-ink-2">
          <Principal id={blocks[0].hash} />
        </span>
      )}
    </>
  );
}
