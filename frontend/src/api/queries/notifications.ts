import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, listOf, post } from '../client';
import { keys } from '../keys';
import type { Bootstrap, Notification } from '../types';

export function useNotifications(unread: boolean, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.notifications(unread),
    queryFn: async ({ signal }) =>
      listOf<Notification>(
        await get<Notification[] | object>('/notifications', { unread: unread ? true : undefined }, signal),
      ),
    enabled: options.enabled ?? true,
  });
}

export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { ids: string[] } | { all: true }) => post<void>('/notifications/read', what),
    onMutate: (what) => {
      const isRead = (n: Notification) => 'all' in what || what.ids.includes(n.id);
      for (const unread of [false, true]) {
        client.setQueryData<Notification[]>(keys.notifications(unread), (list) =>
          list?.map((n) => (isRead(n) ? { ...n, read: true } : n)),
        );
      }
      client.setQueryData<Bootstrap>(keys.bootstrap, (b) =>
        b ? { ...b, unread: 'all' in what ? 0 : Math.max(0, b.unread - what.ids.length) } : b,
      );
    },
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.notifications() });
      client.invalidateQueries({ queryKey: keys.bootstrap });
    },
  });
}
