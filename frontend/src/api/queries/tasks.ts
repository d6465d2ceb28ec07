import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, listOf, post } from '../client';
import { keys } from '../keys';
import type { Task, TaskTab } from '../types';
import { type EntityRef, recordsPath } from './records';

export function useTasks(tab: TaskTab, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.tasks(tab),
    queryFn: async ({ signal }) => listOf<Task>(await get<Task[] | object>('/tasks', { tab }, signal)),
    enabled: options.enabled ?? true,
  });
}

/** The tasks about one record, whoever has them. */
export function useRecordTasks(ref: EntityRef, id: string) {
  return useQuery({
    queryKey: keys.recordTasks(ref.app, ref.entity, id),
    queryFn: async ({ signal }) =>
      listOf<Task>(await get<Task[] | object>(`${recordsPath(ref)}/${id}/tasks`, undefined, signal)),
  });
}

export function useCompleteTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, outcome, comment }: { id: string; outcome: string; comment?: string }) =>
      post<Task>(`/tasks/${id}/complete`, { outcome, comment }),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.tasks() });
      client.invalidateQueries({ queryKey: keys.bootstrap });
    },
  });
}

/**
 * Ends several tasks alike, one after the other; each says how it went, and
 * whether to go on.
 */
export function useCompleteTasks() {
  const client = useQueryClient();
  return async (
    ids: readonly string[],
    input: { outcome: string; comment?: string },
    each: (id: string, error: unknown) => boolean,
  ): Promise<void> => {
    for (const id of ids) {
      const error = await post<Task>(`/tasks/${id}/complete`, input).then(
        () => null,
        (problem: unknown) => problem,
      );
      if (!each(id, error)) break;
    }
    client.invalidateQueries({ queryKey: keys.tasks() });
    client.invalidateQueries({ queryKey: keys.bootstrap });
  };
}

export interface NewTask {
  app: string;
  entity?: string;
  record_id?: string;
  title: string;
  text?: string;
  assignees: string[];
  due?: string;
  priority?: Task['priority'];
}

export function useCreateTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: NewTask) => post<Task>('/tasks', input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tasks() }),
  });
}
