import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useRecord } from '@/api/queries/records';
import type { RuntimeEntity } from '@/api/types';
import { IconButton, LinkButton, Menu, SkeletonRecord } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { type Entry, findEntry } from '@/runtime/app/menu';
import { noteRecent } from '@/runtime/recent';
import { isGone, Missing } from '@/runtime/record/RecordPanel';
import { RecordView } from '@/runtime/record/RecordView';
import { recordPath, useRecordActions } from '@/runtime/record/use-record-actions';
import { ShareLinks } from '@/runtime/share';
import { NotFound } from '../errors/NotFound';
import { Page } from '../shell/Page';
import styles from './RecordPage.module.css';

const WhoSees = lazy(async () => ({ default: (await import('@/runtime/record/WhoSees')).WhoSees }));
const PrintView = lazy(async () => ({ default: (await import('@/runtime/record/PrintView')).PrintView }));

/** A record on a page of its own. */
export function RecordPage() {
  const { menu: slug = '', id = '' } = useParams();
  const { runtime, menu } = useApp();
  const entry = findEntry(runtime, menu, slug);
  const target = entry?.target;
  if (!entry || (target?.kind !== 'entity' && target?.kind !== 'form')) return <NotFound />;
  return <OneRecord key={id} entry={entry} entity={target.entity} id={id} />;
}

function OneRecord({ entry, entity, id }: { entry: Entry; entity: RuntimeEntity; id: string }) {
  const { app, appId, base, workspace } = useApp();
  const navigate = useNavigate();
  const record = useRecord({ app: appId, entity: entity.key }, id);
  const menu = entry.slug ?? entity.key;
  const actions = useRecordActions(entity, menu);
  const [printing, setPrinting] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [readers, setReaders] = useState(false);
  const list = `${base}/${menu}`;
  const title = record.data?._title;
  const open = useCallback(
    (other: string, otherId: string) => navigate(recordPath(base, other, otherId)),
    [navigate, base],
  );
  const { icon, name } = entity;
  const hue = entity.hue ?? app.hue;
  useEffect(() => {
    if (title)
      noteRecent(workspace, {
        path: recordPath(base, menu, id),
        title,
        context: name,
        icon: icon ?? 'entity',
        hue,
      });
  }, [workspace, base, menu, id, title, name, icon, hue]);
  const data = record.data;
  // Drawn in pieces when it comes from the server, so that the browser can answer in
  // between; a record that is at hand is there at once.
  const [atHand] = useState(data !== undefined);
  const drawn = useDeferredValue(data !== undefined, atHand);
  return (
    <Page
      flush
      crumbs={[
        { label: textOf(app.name), to: base },
        ...(title
          ? [{ label: textOf(entry.item.name), to: list }, { label: title }]
          : [{ label: textOf(entry.item.name) }]),
      ]}
      actions={
        data && (
          <>
            <IconButton icon="link" label={t('record.copyLink')} onClick={() => void actions.copyLink(data)} />
            <Menu
              position="bottom-end"
              items={[
                { label: t('record.print'), icon: 'printer', onSelect: () => setPrinting(true) },
                app.role.admin && { label: t('share.publicRecord'), icon: 'globe', onSelect: () => setSharing(true) },
                app.role.admin && { label: t('record.whoSees'), icon: 'eye', onSelect: () => setReaders(true) },
                entity.ops.includes('delete') && { divider: true },
                entity.ops.includes('delete') && {
                  label: t('record.delete'),
                  icon: 'trash',
                  danger: true,
                  onSelect: () => void actions.remove(data, () => navigate(list)),
                },
              ]}
            >
              <IconButton icon="dots" label={t('record.more')} />
            </Menu>
          </>
        )
      }
    >
      {data && drawn ? (
        <RecordView entity={entity} record={data} open={open} gone={isGone(record.error)} place="page" />
      ) : record.isError ? (
        <Missing
          error={record.error}
          onRetry={() => record.refetch()}
          back={<LinkButton to={list}>{t('record.backToList')}</LinkButton>}
        />
      ) : (
        <div className={styles.loading}>
          <SkeletonRecord />
        </div>
      )}
      {printing && data && (
        <Suspense>
          <PrintView entity={entity} record={data} onClose={() => setPrinting(false)} />
        </Suspense>
      )}
      {readers && data && (
        <Suspense>
          <WhoSees entity={entity} record={data} onClose={() => setReaders(false)} />
        </Suspense>
      )}
      {sharing && data && (
        <Suspense>
          <ShareLinks
            app={appId}
            target={{ kind: 'record', record: data.id }}
            entity={entity}
            title={title ?? textOf(name)}
            onClose={() => setSharing(false)}
          />
        </Suspense>
      )}
    </Page>
  );
}
