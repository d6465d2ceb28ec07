import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, listOf, patch, post } from '../client';
import { keys } from '../keys';
import type { Rule, RuleDryRun, Run } from '../types';

const at = (app: string) => `/apps/${encodeURIComponent(app)}`;

/** Looked at again while it moves; one that waits its turn for longer is looked at on demand. */
const soon = (...runs: (Run | undefined)[]): number | false =>
  runs.some((run) => run && ['ready', 'queued', 'running'].includes(run.state) && Date.parse(run.run_at) < Date.now())
    ? 1500
    : false;

export function useRuns(app: string, filter: { rule?: string; record?: string; state?: string } = {}) {
  return useQuery({
    queryKey: keys.runs(app, filter),
    queryFn: async ({ signal }) => listOf<Run>(await get<Run[] | object>(`${at(app)}/runs`, filter, signal)),
    refetchInterval: (query) => soon(...(query.state.data ?? [])),
  });
}

export function useRun(id: string | undefined) {
  return useQuery({
    queryKey: keys.run(id ?? ''),
    queryFn: ({ signal }) => get<Run>(`/runs/${id}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => soon(query.state.data),
  });
}

export function useRunAction(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'retry' | 'cancel' }) => post<void>(`/runs/${id}/${action}`),
    onSuccess: (_void, { id }) => {
      client.invalidateQueries({ queryKey: keys.run(id) });
      client.invalidateQueries({ queryKey: ['app', app, 'runs'] });
    },
  });
}

/** What a draft rule would do to a record, without doing it. */
export function dryRunRule(app: string, input: { rule: Rule; record_id?: string; changes?: Record<string, unknown> }) {
  return post<RuleDryRun>(`${at(app)}/rules/dry-run`, input);
}

/** Switches a published rule on or off; no publish is needed. */
export function useSwitchRule(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      patch<void>(`${at(app)}/rules/${id}`, { enabled }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app(app) }),
  });
}
