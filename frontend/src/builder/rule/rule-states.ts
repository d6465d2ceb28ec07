// Whether published rules are on, and how often they ran. This is no part of the
// definition: switching a rule needs no publish.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, listOf, patch } from '@/api/client';

export interface RuleState {
  enabled: boolean;
  runs: number;
  failed: number;
  last_run: string | null;
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
      for (const rule of listOf<RuleState & { id: string }>(await get<object>(`${at(app)}/rules`, undefined, signal)))
        out.set(rule.id, rule);
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
        const state = old?.get(id);
        return state ? new Map(old).set(id, { ...state, enabled }) : old;
      });
      client.invalidateQueries({ queryKey: ['app', app, 'runtime'] });
    },
  });
}
