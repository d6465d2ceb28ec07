import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { bootstrapQuery } from '@/api/queries/session';
import { homePath, loadBootstrap, safeNext } from '../session';

/** Goes into the product after a session was opened. */
export function useEnter(): (next?: string | null) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (next) => {
    await client.fetchQuery({ ...bootstrapQuery, staleTime: 0 });
    const boot = await loadBootstrap(client);
    navigate(safeNext(next ?? null) ?? homePath(boot), { replace: true });
  };
}
