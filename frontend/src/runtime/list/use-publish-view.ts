import { useMutation, useQueryClient } from '@tanstack/react-query';
import { get, Problem, post } from '@/api/client';
import { keys } from '@/api/keys';
import { planPublish, saveDoc } from '@/api/queries/drafts';
import type { Draft, View } from '@/api/types';
import { t } from '@/locales';

/** Saves a view of the definition and publishes that document alone: views never touch data. */
export function usePublishView(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (view: View) => {
      const draft = await get<Draft>(`/apps/${encodeURIComponent(app)}/draft`);
      const doc = draft.docs.find((d) => d.id === view.id);
      const body = doc?.kind === 'view' && doc.changed ? { ...doc.body, config: view.config } : view;
      await saveDoc(app, { id: view.id, kind: 'view', rev: doc?.rev ?? '*', body });
      const plan = await planPublish(app, [view.id]);
      const fault = plan.faults[0];
      if (fault)
        throw new Problem({ title: t('list.blocked', { text: fault.message }), status: 422, code: fault.code });
      await post(`/apps/${encodeURIComponent(app)}/publish`, { docs: [view.id], hash: plan.hash });
      await client.invalidateQueries({ queryKey: keys.runtime(app) });
    },
  });
}
