/** Who one is to the service, so that no button is offered that would be refused. */
import type { Session } from '@passportx/analytics-backend/contract';
import { useQuery } from '@tanstack/react-query';
import { getJson } from '../api/client';

/** Null: nobody, who may view what is open. Undefined until it is known. */
export function useRole(): Session['role'] | undefined {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => getJson<Session>('/api/session', signal),
    // It changes when someone signs in or out, which resets every query.
    staleTime: Infinity,
  });
  return data?.role;
}
