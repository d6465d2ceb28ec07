import { type ReactNode, useState } from 'react';
import { useSaveView } from '@/api/queries/apps';
import { toast } from '@/kit';
import { t } from '@/locales';
import { withText } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { sayProblem } from '@/views/shared/say';
import { SaveViewDialog, type SaveViewRequest } from './SaveViewDialog';
import { useListState } from './use-list';
import { usePublishView } from './use-publish-view';
import { tidyConfig } from './views';

export interface ViewSaving {
  /** Asks for a name, and where it is new for a type and an audience. */
  ask: (request: SaveViewRequest) => void;
  /** Saves over the view in sight; absent where this member may not. */
  saveOver: (() => Promise<void>) | undefined;
  saveOverText: string;
  saving: boolean;
  dialog: ReactNode;
}

/** The ways to keep what was changed in a view. */
export function useViewSaving(): ViewSaving {
  const list = useListState();
  const { runtime } = useApp();
  const { tabs, tab, config, entity, appId, builder } = list;
  const [asking, setAsking] = useState<SaveViewRequest | null>(null);
  const save = useSaveView(appId);
  const publish = usePublishView(appId);

  async function saveOver() {
    const next = tidyConfig(config);
    try {
      if (tab.source === 'app') {
        const view = runtime.views.find((v) => v.key === tab.id || v.id === tab.id);
        if (!view) return;
        await publish.mutateAsync({ ...view, config: next });
        toast(t('list.published'), { tone: 'success' });
      } else {
        await save.mutateAsync({ id: tab.id, config: next });
        toast(t('list.viewSaved'), { tone: 'success' });
      }
      list.resetView();
    } catch (error) {
      sayProblem(error);
    }
  }

  const mayOver = (tab.source === 'app' && !!builder) || tab.mine || (tab.source === 'shared' && runtime.me.admin);
  return {
    ask: setAsking,
    saveOver: mayOver ? saveOver : undefined,
    saveOverText: tab.source === 'personal' ? t('list.saveView') : t('list.saveViewFor'),
    saving: save.isPending || publish.isPending,
    dialog: asking && (
      <SaveViewDialog
        request={asking}
        entity={entity}
        mayShare={runtime.me.admin}
        onClose={() => setAsking(null)}
        onSave={async ({ name, type, config: settings, shared }) => {
          if (asking.id) {
            const old = tabs.find((v) => v.id === asking.id);
            await save.mutateAsync({ id: asking.id, name: withText(old?.name, name) });
            return;
          }
          const made = await save.mutateAsync({
            entity: entity.id,
            name,
            type,
            kind: shared ? 'shared' : 'personal',
            config: tidyConfig(settings),
          });
          if (asking.config === config) list.resetView();
          if (made?.id) list.setTab(made.id);
        }}
      />
    ),
  };
}
