// Which set-up steps of an app are done, as far as the page can tell.
import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useOperations } from '@/api/queries/records';
import { useRemoveSample } from '@/api/queries/templates';
import { members, useDirectory } from '@/api/queries/workspaces';
import type { ChecklistStep } from '@/charts';
import { confirm, toast } from '@/kit';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';

/** The steps that a person ticks by hand, remembered in this browser. */
function useTicks(app: string): [Set<string>, (key: string, done: boolean) => void] {
  const name = `tenon.checklist.${app}`;
  const [ticks, setTicks] = useState(() => new Set(JSON.parse(localStorage.getItem(name) ?? '[]') as string[]));
  return [
    ticks,
    (key, done) => {
      const next = new Set(ticks);
      if (done) next.add(key);
      else next.delete(key);
      localStorage.setItem(name, JSON.stringify([...next]));
      setTicks(next);
    },
  ];
}

export function useChecklist(): ChecklistStep[] {
  const { runtime, appId, app, workspace, base } = useApp();
  const items = runtime.app.checklist ?? [];
  const directory = useDirectory(workspace.key);
  const people = members.useList(workspace.key);
  const operations = useOperations(appId);
  const remove = useRemoveSample(appId);
  const [ticks, tick] = useTicks(appId);
  const admin = `/w/${workspace.key}/admin`;
  const places: Record<string, string> = {
    departments: `${admin}/departments`,
    invitations: `${admin}/invitations`,
    roles: `${admin}/roles`,
    notification: `${admin}/settings`,
    params: `${base}/edit/settings`,
  };

  async function removeSample() {
    if (
      !(await confirm({
        title: t('board.removeSample'),
        body: t('board.removeSampleHelp'),
        action: t('board.removeSample'),
        danger: true,
      }))
    )
      return;
    remove.mutate(undefined, {
      onSuccess: () => {
        tick('sample_removed', true);
        toast(t('board.sampleRemoved'), { tone: 'success' });
      },
      onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
    });
  }

  return items.map((item): ChecklistStep => {
    const to = workspace.admin && app.role.admin ? places[item.signal] : undefined;
    switch (item.signal) {
      case 'departments':
        return { item, to, done: (directory.data?.departments.length ?? 0) > 0 };
      case 'invitations':
        return { item, to, done: (people.data ?? []).filter((m) => m.status === 'active').length > 1 };
      case 'roles':
        return { item, to, done: (people.data ?? []).some((m) => m.roles.some((r) => r.app === appId)) };
      case 'import':
        return { item, to: undefined, done: (operations.data ?? []).some((o) => o.kind === 'import' && !o.undone) };
      case 'sample_removed':
        return {
          item,
          done: ticks.has(item.signal),
          act: app.role.admin ? { label: t('board.removeSample'), run: () => void removeSample() } : undefined,
        };
      default:
        return { item, to, done: ticks.has(item.key), toggle: (done) => tick(item.key, done) };
    }
  });
}
