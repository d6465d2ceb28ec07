import { useQueries } from '@tanstack/react-query';
import { get } from '@/api/client';
import { keys } from '@/api/keys';
import { useApps } from '@/api/queries/apps';
import type { AppSummary, Draft, Role } from '@/api/types';
import { textOf } from '@/locales/text';

export interface AppRoles {
  app: AppSummary;
  roles: Role[];
}

/** The roles of every app that the reader may administer. */
export function useRoles(ws: string): {
  apps: AppRoles[];
  loading: boolean;
  /** Why some of them could not be read, and another try. */
  error: unknown;
  retry: () => void;
  nameOf: (ref: { app: string; role: string }) => string;
  /** The name of the role's app: roles of two apps may share a name. */
  appOf: (ref: { app: string }) => string;
} {
  const apps = useApps(ws);
  const own = (apps.data ?? []).filter((a) => a.role.admin && a.version > 0);
  const drafts = useQueries({
    queries: own.map((app) => ({
      queryKey: keys.draft(app.id),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<Draft>(`/apps/${encodeURIComponent(app.id)}/draft`, undefined, signal),
      staleTime: 60_000,
    })),
  });
  const found = own.map(
    (app, i): AppRoles => ({
      app,
      roles: (drafts[i]?.data?.docs ?? []).flatMap((d) => (d.kind === 'role' && !d.deleted ? [d.body] : [])),
    }),
  );
  return {
    apps: found,
    loading: apps.isPending || drafts.some((d) => d.isPending),
    error: apps.error ?? drafts.find((d) => d.error)?.error ?? null,
    retry: () => {
      void apps.refetch();
      for (const draft of drafts) if (draft.error) void draft.refetch();
    },
    appOf: (ref) => textOf(found.find((f) => f.app.id === ref.app)?.app.name),
    nameOf: (ref) =>
      textOf(found.find((f) => f.app.id === ref.app)?.roles.find((r) => r.id === ref.role)?.name) || ref.role,
  };
}

/** A role of an app as one value of a picker. */
export const roleValue = (ref: { app: string; role: string }) => `${ref.app}/${ref.role}`;

export function roleOf(value: string): { app: string; role: string } {
  const [app = '', role = ''] = value.split('/');
  return { app, role };
}

/** All roles as options, under the names of their apps. */
export function roleOptions(apps: AppRoles[]) {
  return apps.flatMap(({ app, roles }) =>
    roles.map((role) => ({
      value: roleValue({ app: app.id, role: role.id }),
      label: textOf(role.name),
      group: textOf(app.name),
      description: textOf(role.help) || undefined,
    })),
  );
}
