import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, IconButton, Menu, usePhone } from '@/kit';
import { t } from '@/locales';
import { inSentence, textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { ShareLinks } from '@/runtime/share';
import { ExportDialog } from './export';
import { OperationsDrawer } from './OperationsDrawer';
import { useListState } from './use-list';

const PrintList = lazy(async () => ({ default: (await import('./PrintList')).PrintList }));

/** Import, export and the one primary action of a list; outlined where the page around has one of its own. */
export function ListActions({ outlined }: { outlined?: boolean }) {
  const list = useListState();
  const { app, appId, runtime } = useApp();
  const { entity, create, path } = list;
  const navigate = useNavigate();
  const phone = usePhone();
  const [exporting, setExporting] = useState(false);
  const [printing, setPrinting] = useState(false);
  const [sharing, setSharing] = useState(false);
  // The form that strangers would fill; who may edit the app may open it to them.
  const shared = app.role.admin ? runtime.forms.find((f) => f.entity === entity.id && f.default) : undefined;
  const name = textOf(entity.name);
  const mayWrite = (['create', 'update', 'delete'] as const).some((op) => entity.ops.includes(op));
  // Where the list is empty, its place offers the first record.
  const offersFirst = list.type.type === 'grid' && list.total === 0 && !list.query.filter && !list.query.search;
  const review = () => list.edits.review();
  return (
    <>
      {mayWrite && !phone && <IconButton icon="history" label={t('list.operations')} onClick={review} />}
      {shared && !phone && <IconButton icon="globe" label={t('share.publicForm')} onClick={() => setSharing(true)} />}
      {entity.ops.includes('import') && !phone && (
        <Button onClick={() => navigate(`${path}/import`)}>{t('common.import')}</Button>
      )}
      {(entity.ops.includes('export') || (phone && (mayWrite || shared))) && (
        <Menu
          position="bottom-end"
          items={[
            phone &&
              entity.ops.includes('import') && {
                label: t('list.import'),
                icon: 'upload',
                onSelect: () => navigate(`${path}/import`),
              },
            entity.ops.includes('export') && {
              label: t('list.exportRecords'),
              icon: 'download',
              onSelect: () => setExporting(true),
            },
            { label: t('list.print'), icon: 'printer', onSelect: () => setPrinting(true) },
            phone && shared && { label: t('share.publicForm'), icon: 'globe', onSelect: () => setSharing(true) },
            phone && mayWrite && { label: t('list.operations'), icon: 'history', onSelect: review },
          ]}
        >
          {phone ? <IconButton icon="dots" label={t('list.moreActions')} /> : <Button>{t('list.export')}</Button>}
        </Menu>
      )}
      <OperationsDrawer />
      {/* A phone has its plus at the bottom of the page. */}
      {create && !offersFirst && !phone && (
        <Button variant={outlined ? 'default' : 'primary'} onClick={() => create()}>
          {t('list.new', { name: inSentence(name) })}
        </Button>
      )}
      {printing && (
        <Suspense>
          <PrintList onClose={() => setPrinting(false)} />
        </Suspense>
      )}
      {sharing && shared && (
        <Suspense>
          <ShareLinks
            app={appId}
            target={{ kind: 'form', form: shared.id }}
            entity={entity}
            title={name}
            onClose={() => setSharing(false)}
          />
        </Suspense>
      )}
      {exporting && (
        <Suspense>
          <ExportDialog list={list} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </>
  );
}
