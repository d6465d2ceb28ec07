import { Suspense, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useCreateApp, useDeleteApp } from '@/api/queries/apps';
import { t } from '@/locales';
import { FormFromFile } from '@/runtime/from-file';
import { useWorkspace } from '@/runtime/workspace';

/** Makes an app with one form out of a spreadsheet. */
export function AppFromFile({ onClose }: { onClose: () => void }) {
  const { workspace, base } = useWorkspace();
  const create = useCreateApp(workspace.key);
  const remove = useDeleteApp(workspace.key);
  const navigate = useNavigate();
  const made = useRef<string>(undefined);
  const kept = useRef(false);
  return (
    <Suspense>
      <FormFromFile
        title={t('home.fromExcel')}
        app={async (source) => {
          const name = typeof source === 'string' ? t('home.newApp') : source.name.replace(/\.[^.]+$/, '');
          const app = await create.mutateAsync({ name, icon: 'table', hue: 'green' });
          made.current = app.id;
          return app.id;
        }}
        onMade={(form, app) => {
          kept.current = true;
          navigate(`${base}/a/${app}/${form.key}`);
        }}
        onUndone={(app) => navigate(`${base}/a/${app}`)}
        onClose={() => {
          // An app that nothing came into was made for nothing.
          if (made.current && !kept.current) remove.mutate(made.current);
          onClose();
        }}
      />
    </Suspense>
  );
}
