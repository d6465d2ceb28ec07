// Who sees a record, computed by the server from the published roles.
import { useReaders } from '@/api/queries/records';
import type { RecordData, RuntimeEntity } from '@/api/types';
import { Avatar, Button, Drawer, ErrorState, SkeletonText, Tag } from '@/kit';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import styles from './WhoSees.module.css';

/** The members who see a record, by which roles, and whether they may change it. */
export function WhoSees({
  entity,
  record,
  onClose,
}: {
  entity: RuntimeEntity;
  record: RecordData;
  onClose: () => void;
}) {
  const { appId } = useApp();
  const readers = useReaders({ app: appId, entity: entity.key }, record.id);
  const pages = readers.data?.pages;
  const last = pages?.at(-1);
  return (
    <Drawer opened onClose={onClose} title={t('record.whoSees')}>
      <p className={styles.about}>{t('record.whoSeesHelp', { name: record._title || t('fields.untitled') })}</p>
      {readers.isError && !pages ? (
        <ErrorState error={readers.error} onRetry={() => void readers.refetch()} />
      ) : pages ? (
        <>
          <ul className={styles.people} aria-label={t('record.whoSees')}>
            {pages.flatMap((page) =>
              page.items.map((one) => (
                <li key={one.id} className={styles.person}>
                  <Avatar name={one.name} size={28} />
                  <div className={styles.words}>
                    <span className={styles.name}>{one.name}</span>
                    <span className={styles.roles}>
                      {one.admin
                        ? t('record.seesAsAdmin')
                        : t('record.seesByRole', { names: formatList(one.roles.map((role) => textOf(role))) })}
                    </span>
                  </div>
                  <Tag hue={one.change ? 'green' : 'gray'}>
                    {one.change ? t('record.mayChange') : t('record.readsOnly')}
                  </Tag>
                </li>
              )),
            )}
          </ul>
          {last && last.asked < last.of ? (
            <Button loading={readers.isFetchingNextPage} onClick={() => void readers.fetchNextPage()}>
              {t('record.lookOn', { n: last.asked, of: last.of })}
            </Button>
          ) : (
            <p className={styles.about}>{t('record.nobodyElse')}</p>
          )}
        </>
      ) : (
        <SkeletonText lines={6} />
      )}
    </Drawer>
  );
}
