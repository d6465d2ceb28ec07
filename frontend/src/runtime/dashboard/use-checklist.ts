// The set-up steps of an app: the server knows which are done.
import { useSetup } from '@/api/queries/templates';
import type { SetupSignals } from '@/api/types';
import type { ChecklistStep } from '@/charts';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { leaves } from '@/runtime/app/menu';

/** The steps with their states; `onRemoveSample` asks before the samples go. */
export function useChecklist(onRemoveSample: () => void): ChecklistStep[] {
  const { runtime, appId, app, workspace, base, menu } = useApp();
  const setup = useSetup(appId);
  const admin = `/w/${workspace.key}/admin`;
  const importable = leaves(menu).find(
    (e) =>
      e.target?.kind === 'entity' && e.target.entity.ops.includes('import') && e.target.entity.ops.includes('create'),
  );
  const places: Record<string, string | undefined> = {
    departments: workspace.admin ? `${admin}/departments` : undefined,
    invitations: workspace.admin ? `${admin}/invitations` : undefined,
    roles: workspace.admin ? `${admin}/roles` : undefined,
    notification: workspace.admin ? `${admin}/settings` : undefined,
    params: app.role.admin ? `${base}/edit/app/params` : undefined,
    import: importable && `${base}/${importable.slug}/import`,
  };
  return (runtime.app.checklist ?? []).map((item) => ({
    item,
    done: setup.data?.[item.signal as keyof SetupSignals] === true,
    to: places[item.signal],
    act:
      item.signal === 'sample_removed' && app.role.admin && (setup.data?.samples ?? 0) > 0
        ? { label: t('board.removeSample'), run: onRemoveSample }
        : undefined,
  }));
}
