// A record beside its list.
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useRecord } from '@/api/queries/records';
import type { Form, RuntimeEntity } from '@/api/types';
import { EmptyState } from '@/kit/EmptyState';
import { ErrorState } from '@/kit/ErrorState';
import { Icon, iconOr } from '@/kit/Icon';
import { IconButton } from '@/kit/IconButton';
import { Menu } from '@/kit/Menu';
import { SidePanel } from '@/kit/SidePanel';
import { SkeletonForm } from '@/kit/Skeleton';
import { useHotkeys } from '@/kit/use-hotkeys';
import { usePhone } from '@/kit/use-phone';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { ShareLinks } from '@/runtime/share';
import styles from './RecordPanel.module.css';
import { RecordView } from './RecordView';
import { useLatest } from './use-latest';
import { recordPath, useRecordActions } from './use-record-actions';

const WhoSees = lazy(async () => ({ default: (await import('./WhoSees')).WhoSees }));
const PrintView = lazy(async () => ({ default: (await import('./PrintView')).PrintView }));

export interface RecordPanelProps {
  entity: RuntimeEntity;
  id: string;
  form?: Form;
  /** The menu entry of the list, for addresses; the entity's key by default. */
  menu?: string;
  onClose: () => void;
  /** Neighbours in the list; undefined at its ends. */
  onPrevious?: () => void;
  onNext?: () => void;
  /** "3 / 3,284" */
  position?: string;
  /** Opens another record; by default its own page. */
  onOpen?: (entity: string, id: string) => void;
}

export function RecordPanel({
  entity,
  id,
  form,
  menu = entity.key,
  onClose,
  onPrevious,
  onNext,
  position,
  onOpen,
}: RecordPanelProps) {
  const { app, appId, base } = useApp();
  const navigate = useNavigate();
  const phone = usePhone();
  const record = useRecord({ app: appId, entity: entity.key }, id);
  const actions = useRecordActions(entity, menu);
  const [printing, setPrinting] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [readers, setReaders] = useState(false);
  const data = record.data?.id === id ? record.data : undefined;
  useHotkeys({ esc: onClose, j: () => onNext?.(), k: () => onPrevious?.() });
  const latest = useLatest(onOpen ?? ((other: string, otherId: string) => navigate(recordPath(base, other, otherId))));
  const open = useCallback((other: string, otherId: string) => latest.current(other, otherId), [latest]);
  return (
    <SidePanel
      name="record"
      width={480}
      flush
      label={t('record.panel')}
      onClose={onClose}
      title={
        <span className={styles.title}>
          <Icon name={iconOr(entity.icon, 'entity')} className={styles.icon} />
          <span className={styles.name}>{textOf(entity.name)}</span>
          {position && <span className={styles.position}>{position}</span>}
        </span>
      }
      actions={
        <>
          {(onPrevious || onNext) && (
            <>
              <IconButton
                icon="chevron-up"
                label={t('record.previous')}
                shortcut="k"
                disabled={!onPrevious}
                onClick={onPrevious}
              />
              <IconButton
                icon="chevron-down"
                label={t('record.next')}
                shortcut="j"
                disabled={!onNext}
                onClick={onNext}
              />
            </>
          )}
          {/* On a phone the panel is the page already. */}
          {!phone && (
            <IconButton
              icon="maximize"
              label={t('record.openPage')}
              onClick={() => navigate(recordPath(base, menu, id))}
            />
          )}
          {data && (
            <Menu
              position="bottom-end"
              items={[
                { label: t('record.copyLink'), icon: 'link', onSelect: () => void actions.copyLink(data) },
                { label: t('record.print'), icon: 'printer', onSelect: () => setPrinting(true) },
                app.role.admin && { label: t('share.publicRecord'), icon: 'globe', onSelect: () => setSharing(true) },
                app.role.admin && { label: t('record.whoSees'), icon: 'eye', onSelect: () => setReaders(true) },
                entity.ops.includes('delete') && { divider: true },
                entity.ops.includes('delete') && {
                  label: t('record.delete'),
                  icon: 'trash',
                  danger: true,
                  onSelect: () => void actions.remove(data, onClose),
                },
              ]}
            >
              <IconButton icon="dots" label={t('record.more')} />
            </Menu>
          )}
        </>
      }
    >
      {data ? (
        <RecordView
          key={id}
          entity={entity}
          record={data}
          form={form}
          open={open}
          gone={isGone(record.error)}
          place="panel"
        />
      ) : record.isError ? (
        <Missing error={record.error} onRetry={() => record.refetch()} />
      ) : (
        <div className={styles.loading}>
          <SkeletonForm fields={7} />
        </div>
      )}
      {printing && data && (
        <Suspense>
          <PrintView entity={entity} record={data} form={form} onClose={() => setPrinting(false)} />
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
            title={data._title || textOf(entity.name)}
            onClose={() => setSharing(false)}
          />
        </Suspense>
      )}
    </SidePanel>
  );
}

/** Whether the server has no such record for the reader. */
export const isGone = (error: unknown): boolean => error !== null && asProblem(error).status === 404;

export function Missing({ error, onRetry, back }: { error: unknown; onRetry: () => void; back?: ReactNode }) {
  if (isGone(error))
    return <EmptyState icon="search" title={t('record.notFound')} help={t('record.notFoundHelp')} action={back} />;
  return <ErrorState error={error} onRetry={onRetry} secondary={back} />;
}
