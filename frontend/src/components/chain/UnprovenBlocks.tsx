'use client';
import type { ChainStatus, DeliveryReceipt } from '@passportx/analytics-backend/contract';
import type { Answer } from '../../lib/answer';
import { countOf, formatCount, formatMoment } from '../../lib/format';
import { useAct } from '../../lib/hooks/useAct';
import { useRole } from '../../lib/hooks/useRole';
import { ChartFrame } from '../ui/ChartFrame';
import { Principal } from '../ui/Principal';
import { SureButton } from '../ui/SureButton';

type Unproven = ChainStatus['unproven'][number];

/** Blocks that count though nothing proves them, and an admin's word on them. */
export function UnprovenBlocks({ answer }: { readonly answer: Answer<ChainStatus['unproven']> }) {
  const isAdmin = useRole() === 'admin';
  return (
    <ChartFrame
      id="unproven-blocks"
      className="lg:col-span-12"
      title="Unproven blocks"
      says={`They count, but nothing has confirmed them yet: a later block will, or will replace them${isAdmin ? '; you can say so yourself.' : '.'}`}
      answer={answer}
      isEmpty={(unproven) => unproven.length === 0}
      emptyText="Every block that counts is proven."
      figures={(unproven) => ({
        columns: ['Block', 'Hash', 'At', 'Why'],
        rows: unproven.map(({ height, hash, at, reason }) => [height, hash, at, reason]),
      })}
      isTable
    >
      {(unproven) => (
        <ul>
          {unproven.map((block) => (
            <Block key={block.hash} block={block} isAdmin={isAdmin} />
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}

function Block({ block: { height, hash, at, reason }, isAdmin }: { block: Unproven; isAdmin: boolean }) {
  const { busy, act } = useAct();
  const name = `block ${formatCount(height)}`;
  const say = (word: 'confirm' | 'retract') =>
    void act(`/api/chain/blocks/${encodeURIComponent(hash)}/${word}`, { method: 'POST' }, async (response) => {
      if (word === 'confirm') return `Confirmed: ${name}`;
      const { rolledBack } = (await response.json()) as DeliveryReceipt;
      return `Retracted: ${countOf(rolledBack, 'block')}`;
    });
  return (
    <li
      data-block={height}
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line py-3 last:border-0"
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          Block {formatCount(height)}
          <span className="font-normal text-ink-2">
            <Principal id={hash} />
          </span>
        </p>
        <p className="text-sm text-ink-2">
          {formatMoment(at)} · {reason}
        </p>
      </div>
      {isAdmin && (
        <div role="group" aria-label={`Decide on ${name}`} className="flex flex-wrap gap-2">
          <SureButton ask={`Really confirm ${name}?`} busy={busy} onAct={() => say('confirm')}>
            Confirm
          </SureButton>
          <SureButton
            ask={`Really retract ${name} and what stands on it?`}
            className="text-down"
            busy={busy}
            onAct={() => say('retract')}
          >
            Retract
          </SureButton>
        </div>
      )}
    </li>
  );
}
