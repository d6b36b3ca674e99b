'use client';
import type { Board } from '@passportx/analytics-backend/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useId, useState, type FormEvent, type RefObject } from 'react';
import { createShare, deleteBoard, fetchShares, renewKey, revokeShare } from '../../lib/api/boards';
import { ApiError } from '../../lib/api/client';
import { editAddress, keepEditKey, shareAddress } from '../../lib/boards/address';
import { formatMoment } from '../../lib/format';
import Sheet from '../shell/Sheet';
import { SureButton } from '../ui/SureButton';
import { useToast } from '../ui/Toast';

interface ShareDialogProps {
  readonly board: Board;
  /** Null: this browser does not have it, but an admin needs none for most. */
  readonly editKey: string | null;
  /** There is a new one. */
  readonly onKey: (made: string) => void;
  /** The one that this browser has is worth nothing any more. */
  readonly onRefused: (refused: string) => void;
  readonly opener: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

const MAX_NAME = 80;
const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.kind === 'forbidden';
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'That did not work.');

/**
 * The links to a board: make one, see which stand, revoke one; its edit key; its end. An admin without the key makes no
 * link, and makes the key anew to edit.
 */
export default function ShareDialog({
  board: { id, name },
  editKey,
  onKey,
  onRefused,
  opener,
  onClose,
}: ShareDialogProps) {
  const client = useQueryClient();
  const router = useRouter();
  const say = useToast();
  const field = useId();
  const [made, setMade] = useState<string | null>(null);
  const queryKey = ['shares', id];
  /** Says what failed. A key that was refused is gone, and with it what this showed. */
  const fail = (failure: unknown) => {
    say(messageOf(failure));
    if (editKey === null || !isRefusal(failure)) return;
    onRefused(editKey);
    onClose();
  };
  const { data, error } = useQuery({
    queryKey,
    queryFn: async () => {
      try {
        return await fetchShares(id, editKey);
      } catch (failure) {
        if (isRefusal(failure)) fail(failure);
        throw failure;
      }
    },
  });

  const act = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (failure) {
      fail(failure);
    }
    await client.invalidateQueries({ queryKey });
  };
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (editKey === null) return;
    const form = event.currentTarget;
    const said = new FormData(form).get('name');
    const words = typeof said === 'string' ? said.trim() : '';
    return act(async () => {
      const { token } = await createShare(id, editKey, words === '' ? 'Link' : words);
      setMade(shareAddress(window.location.origin, id, token));
      form.reset();
    });
  };
  const copy = async (text: string, done: string) => {
    try {
      await navigator.clipboard.writeText(text);
      say(done);
    } catch {
      say('The browser did not let it be copied.');
    }
  };
  const renew = async () => {
    try {
      onKey(await renewKey(id, editKey));
      say('The edit key is a new one');
    } catch (failure) {
      fail(failure);
    }
  };
  const remove = () =>
    act(async () => {
      await deleteBoard(id, editKey);
      keepEditKey(id, null);
      router.push('/boards/');
    });

  return (
    <Sheet title={`${editKey === null ? 'Manage' : 'Share'} ${name}`} place="middle" opener={opener} onClose={onClose}>
      {editKey !== null && (
        <>
          <form className="flex flex-wrap items-end gap-2" onSubmit={(event) => void make(event)}>
            <div className="min-w-40 flex-1">
              <label htmlFor={field}>For whom</label>
              <input
                id={field}
                name="name"
                maxLength={MAX_NAME}
                placeholder="The screen in the lobby"
                className="mt-1 h-11 w-full rounded-[9px] border border-line-strong bg-card px-3"
              />
            </div>
            <button type="submit" className="control control-primary h-11">
              Make a link
            </button>
          </form>
          <p className="mt-2 text-sm text-ink-2">
            Whoever has the link sees this board and nothing else, until you revoke it.
          </p>
        </>
      )}
      {made !== null && (
        <div role="status" className="mt-4 rounded-card border border-line bg-sunk p-3">
          <p className="mb-2 font-medium">Here it is. It is shown this once.</p>
          <input
            readOnly
            aria-label="The link"
            data-link
            value={made}
            onFocus={({ target }) => target.select()}
            className="h-11 w-full rounded-[9px] border border-line-strong bg-card px-3 text-sm"
          />
          <button type="button" className="control mt-2" onClick={() => void copy(made, 'Link copied')}>
            Copy link
          </button>
        </div>
      )}
      <h3 className="mt-5 font-semibold">Links that stand</h3>
      {error && <p role="alert">{error.message}</p>}
      {data?.length === 0 && <p className="text-ink-2">None.</p>}
      <ul>
        {data?.map((share) => (
          <li
            key={share.id}
            className="flex items-center justify-between gap-3 border-b border-line py-2 last:border-0"
          >
            <div className="min-w-0">
              <p className="truncate font-medium">{share.name}</p>
              <p className="text-sm text-ink-2">{formatMoment(share.createdAt)}</p>
            </div>
            <SureButton
              ask="Really revoke it?"
              className="shrink-0"
              onAct={() => void act(() => revokeShare(id, editKey, share.id))}
            >
              Revoke<span className="sr-only"> {share.name}</span>
            </SureButton>
          </li>
        ))}
      </ul>
      <h3 className="mt-5 font-semibold">Edit key</h3>
      <p className="text-sm text-ink-2">
        {editKey === null
          ? 'This browser does not have it. A new one lets you edit here.'
          : 'This browser has it. The edit link takes it to another; whoever has that link and may view can change the board.'}{' '}
        Renewed, the one before is worth nothing: whoever had it cannot change the board any more.
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {editKey !== null && (
          <button
            type="button"
            className="control"
            onClick={() => void copy(editAddress(window.location.origin, id, editKey), 'Edit link copied')}
          >
            Copy edit link
          </button>
        )}
        <SureButton ask="Really renew the key?" onAct={() => void renew()}>
          Renew key
        </SureButton>
        <SureButton ask="Really delete the board?" className="text-down" onAct={() => void remove()}>
          Delete board
        </SureButton>
      </div>
    </Sheet>
  );
}
