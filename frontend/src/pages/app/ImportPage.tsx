import { useNavigate, useParams } from 'react-router';
import { EmptyState, LinkButton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { findEntry } from '@/runtime/app/menu';
import { ImportWizard } from '@/runtime/import/ImportWizard';
import { NotFound } from '../errors/NotFound';
import { Page } from '../shell/Page';
import { RecordsPage } from './RecordsPage';

/** The import of a list, at its own address and above that list. */
export function ImportPage() {
  const { menu: slug = '' } = useParams();
  const { app, appId, base, runtime, menu } = useApp();
  const navigate = useNavigate();
  const entry = findEntry(runtime, menu, slug);
  if (entry?.target?.kind !== 'entity') return <NotFound />;
  const { entity, view } = entry.target;
  const path = `${base}/${entry.slug ?? entity.key}`;
  if (entity.ops.includes('import')) {
    return (
      <>
        <RecordsPage entry={entry} entity={entity} view={view} />
        <ImportWizard app={appId} entity={entity} onClose={() => navigate(path)} />
      </>
    );
  }
  return (
    <Page
      crumbs={[
        { label: textOf(app.name), to: base },
        { label: textOf(entry.item.name), to: path },
        { label: t('common.import') },
      ]}
    >
      <EmptyState
        icon="lock"
        title={t('errors.noAccess')}
        help={t('errors.noAccessHelp')}
        action={<LinkButton to={path}>{t('record.backToList')}</LinkButton>}
      />
    </Page>
  );
}
