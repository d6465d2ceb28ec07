// The builder's entry: loads the draft and the parts of the server, then hands
// over to the frame. It is a chunk of its own that no page of the runtime loads.
import { useQueryClient } from '@tanstack/react-query';
import { startTransition, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useParams } from 'react-router';
import { del, get } from '@/api/client';
import { keys } from '@/api/keys';
import { useApps, useCatalog } from '@/api/queries/apps';
import { checkDraft, saveDoc } from '@/api/queries/drafts';
import type { AppSummary, Draft } from '@/api/types';
import { ErrorState } from '@/kit';
import { useWorkspace } from '@/runtime/workspace';
import { BuilderProvider } from './context';
import { createDraftStore, type DraftStore, type Transport } from './doc';
import { BuilderRoutes } from './frame/BuilderRoutes';
import { Denied } from './frame/Denied';
import { LoadingFrame } from './frame/LoadingFrame';
import { partsOf } from './parts';

function transportOf(app: string): Transport {
  const draft = `/apps/${encodeURIComponent(app)}/draft`;
  return {
    load: () => get<Draft>(draft),
    save: (doc, rev) => saveDoc(app, { ...doc, rev }),
    remove: (id, rev) => del(`${draft}/${id}`, { ifMatch: rev }),
  };
}

/** The builder of one app. */
export function Builder() {
  const { app: key = '' } = useParams();
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const app = apps.data?.find((a) => a.key === key) ?? apps.data?.find((a) => a.id === key);
  if (apps.isError) return <ErrorState error={apps.error} onRetry={() => apps.refetch()} />;
  if (!app) return apps.data && !apps.isFetching ? <Denied /> : <LoadingFrame />;
  if (!app.role.admin) return <Denied />;
  return <OpenedApp key={app.id} app={app} />;
}

function OpenedApp({ app }: { app: AppSummary }) {
  const { workspace, base } = useWorkspace();
  const client = useQueryClient();
  const catalog = useCatalog();
  const parts = useMemo(() => catalog.data && partsOf(catalog.data), [catalog.data]);
  const [store, setStore] = useState<DraftStore | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    let made: DraftStore | undefined;
    let gone = false;
    const transport = transportOf(app.id);
    setError(null);
    transport.load().then(
      (draft) => {
        if (gone) return;
        made = createDraftStore(draft, transport);
        // Drawn in pieces, so that the browser can answer in between.
        startTransition(() => setStore(made ?? null));
        // What is wrong is known from the start, not only after the first save.
        checkDraft(app.id).then(
          (answer) => made?.setFaults(answer.faults ?? []),
          () => {},
        );
      },
      (problem) => !gone && setError(problem),
    );
    return () => {
      gone = true;
      const leaving = made;
      setStore(null);
      // The app list says how many changes wait to be published.
      leaving?.flush().finally(() => {
        leaving.dispose();
        client.invalidateQueries({ queryKey: keys.apps(workspace.key) });
      });
    };
  }, [app.id, attempt, client, workspace.key]);

  const value = useMemo(
    () => store && parts && { store, parts, app, workspace, base: `${base}/a/${app.key}/edit` },
    [store, parts, app, workspace, base],
  );
  // Whichever of the two comes last: a whole designer is drawn from it.
  const drawn = useDeferredValue(value);
  if (error || catalog.isError) {
    return (
      <LoadingFrame app={app}>
        <ErrorState
          error={error ?? catalog.error}
          onRetry={() => {
            setAttempt(attempt + 1);
            catalog.refetch();
          }}
        />
      </LoadingFrame>
    );
  }
  if (!value || drawn?.store !== value.store) return <LoadingFrame app={app} />;
  return (
    <BuilderProvider value={drawn}>
      <BuilderRoutes />
    </BuilderProvider>
  );
}
