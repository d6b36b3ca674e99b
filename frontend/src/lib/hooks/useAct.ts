import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useToast } from '../../components/ui/Toast';
import { call } from '../api/client';

/** One thing that an admin does: the call, what came of it in words, and everything asked again behind it. */
export function useAct() {
  const client = useQueryClient();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  /** @param words what to say of the answer */
  const act = async (path: string, init: RequestInit, words: (response: Response) => Promise<string> | string) => {
    setBusy(true);
    try {
      say(await words(await call(path, init)));
      await client.invalidateQueries();
    } catch (failure) {
      say(failure instanceof Error ? failure.message : 'That did not work.');
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
}
