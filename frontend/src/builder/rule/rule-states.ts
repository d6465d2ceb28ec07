// Whether published rules are on, and how often they ran. This is no part of the
// definition: switching a rule needs no publish.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { asProblem, get, listOf, patch } from '@/api/client';
import type { Run } from '@/api/types';

export interface RuleState {
  enabled: boolean;
  /** Undefined where the server does not say. */
  runs?: number;
  failed?: number;
  last_run?: string | null;
}

const key = (app: string) => ['app', app, 'rule-states'] as const;
const at = (app: string) => `/apps/${encodeURIComponent(app)}`;

/** States by rule id; a rule that is missing has not been published. */
export function useRuleStates(app: string) {
  return useQuery({
    queryKey: key(app),
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const out = new Map<string, RuleState>();
      try {
        for (const rule of listOf<RuleState & { id: string }>(await get<object>(`${at(app)}/rules`, undefined, signal)))
          out.set(rule.id, rule);
      } catch (error) {
        // A server without the list still has its runs.
        if (asProblem(error).status !== 404) throw error;
        for (const run of listOf<Run>(await get<object>(`${at(app)}/runs`, { limit: 200 }, signal))) {
          const state = out.get(run.rule) ?? { enabled: true, runs: 0, failed: 0, last_run: run.created_at };
          out.set(run.rule, {
            ...state,
            runs: (state.runs ?? 0) + 1,
            failed: (state.failed ?? 0) + (run.state === 'failed' ? 1 : 0),
          });
        }
      }
      return out;
    },
  });
}

/** Switches a published rule on or off at once. */
export function useSwitchRuleState(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      patch<void>(`${at(app)}/rules/${id}`, { enabled }),
    onSuccess: (_void, { id, enabled }) => {
      client.setQueryData<Map<string, RuleState>>(key(app), (old) => {
        const next = new Map(old);
        next.set(id, { ...next.get(id), enabled });
        return next;
      });
      client.invalidateQueries({ queryKey: ['app', app, 'runtime'] });
    },
  });
}
