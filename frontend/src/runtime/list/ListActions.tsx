import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, IconButton, Menu, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { ExportDialog } from './export';
import { OperationsDrawer } from './OperationsDrawer';
import { useListState } from './use-list';

const PrintList = lazy(async () => ({ default: (await import('./PrintList')).PrintList }));

/** Import, export and the one primary action of a list. */
export function ListActions() {
  const list = useListState();
  const { entity, create, path } = list;
  const navigate = useNavigate();
  const phone = usePhone();
  const [exporting, setExporting] = useState(false);
  const [printing, setPrinting] = useState(false);
  const name = textOf(entity.name);
  const mayWrite = (['create', 'update', 'delete'] as const).some((op) => entity.ops.includes(op));
  const review = () => list.edits.review();
  return (
    <>
      {mayWrite && !phone && <IconButton icon="history" label={t('list.operations')} onClick={review} />}
      {entity.ops.includes('import') && !phone && (
        <Button onClick={() => navigate(`${path}/import`)}>{t('common.import')}</Button>
      )}
      {(entity.ops.includes('export') || (phone && mayWrite)) && (
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
            phone && mayWrite && { label: t('list.operations'), icon: 'history', onSelect: review },
          ]}
        >
          {phone ? <IconButton icon="dots" label={t('list.moreActions')} /> : <Button>{t('list.export')}</Button>}
        </Menu>
      )}
      <OperationsDrawer />
      {create &&
        (phone ? (
          <IconButton icon="plus" label={t('list.new', { name })} onClick={() => create()} />
        ) : (
          <Button variant="primary" onClick={() => create()}>
            {t('list.new', { name })}
          </Button>
        ))}
      {printing && (
        <Suspense>
          <PrintList onClose={() => setPrinting(false)} />
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
