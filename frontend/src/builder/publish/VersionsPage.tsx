import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useDiscardDraft, useRestoreVersion, useVersions } from '@/api/queries/drafts';
import { useDirectory } from '@/api/queries/workspaces';
import type { AppVersion, PlanChange } from '@/api/types';
import { Button, confirm, cx, EmptyState, ErrorState, Icon, Notice, SkeletonRows, Tag, toast } from '@/kit';
import { t } from '@/locales';
import { formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { PageBody } from '../app/PageBody';
import { useBuilder, useDocs, useDraftState } from '../context';
import { useFrame } from '../frame/frame-context';
import { changedThings } from '../model';
import styles from './VersionsPage.module.css';

type Version = AppVersion & { changes?: PlanChange[]; published?: boolean };

/** Every version of the app with what it changed; any of them can be brought back into the draft. */
export function VersionsPage() {
  const { app, store, workspace } = useBuilder();
  const { publish } = useFrame();
  const versions = useVersions(app.id);
  const directory = useDirectory(workspace.key);
  const restore = useRestoreVersion(app.id);
  const discard = useDiscardDraft(app.id);
  const docs = useDocs();
  const changed = changedThings(
    useDraftState((s) => s.changed),
    docs,
  );
  const [open, setOpen] = useState<number | null>(null);
  const name = (id: string | undefined) => directory.data?.members.find((m) => m.id === id)?.name;

  async function bringBack(version: number) {
    const yes = await confirm({
      title: t('build.ver.restoreTitle', { n: version }),
      body: changed > 0 ? t('build.ver.restoreOver', { n: changed }) : t('build.ver.restoreHelp'),
      action: t('build.ver.restore'),
      danger: changed > 0,
    });
    if (!yes) return;
    try {
      await store.flush();
      await restore.mutateAsync(version);
      await store.reload();
      toast(t('build.ver.restored', { n: version }), {
        tone: 'success',
        action: { label: t('build.publish'), run: publish },
      });
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  }

  async function drop() {
    if (
      !(await confirm({
        title: t('build.ver.discardTitle'),
        body: t('build.ver.discardHelp', { n: changed }),
        action: t('build.ver.discard'),
        danger: true,
      }))
    )
      return;
    try {
      await store.flush();
      await discard.mutateAsync(undefined);
      await store.reload();
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  }

  return (
    <PageBody title={t('build.page.versions')} help={t('build.ver.help')}>
      {changed > 0 && (
        <Notice
          tone="warning"
          title={t('build.ver.draft', { n: changed })}
          action={
            <span className={styles.actions}>
              <Button size="sm" onClick={drop}>
                {t('build.ver.discard')}
              </Button>
              <Button size="sm" onClick={publish}>
                {t('build.publish')}
              </Button>
            </span>
          }
        />
      )}
      {versions.isPending ? (
        <SkeletonRows columns={3} rows={5} rowHeight={57} inset={0} />
      ) : versions.isError ? (
        <ErrorState error={versions.error} onRetry={() => versions.refetch()} />
      ) : versions.data.length === 0 ? (
        <EmptyState icon="history" title={t('build.ver.none')} help={t('build.ver.noneHelp')} />
      ) : (
        <ol className={styles.list}>
          {(versions.data as Version[]).map((version, i) => (
            <li key={version.version} className={styles.version}>
              <div className={styles.head}>
                <span className={styles.number}>{t('build.ver.n', { n: version.version })}</span>
                {i === 0 && <Tag hue="jade">{t('build.ver.current')}</Tag>}
                <span className={styles.when}>
                  {formatRelative(version.published_at)}
                  {name(version.published_by) ? ` · ${name(version.published_by)}` : ''}
                </span>
                <span className={styles.actions}>
                  {(version.changes?.length ?? 0) > 0 && (
                    <Button
                      size="sm"
                      variant="plain"
                      icon={open === version.version ? 'chevron-down' : 'chevron-right'}
                      aria-expanded={open === version.version}
                      onClick={() => setOpen(open === version.version ? null : version.version)}
                    >
                      {t('build.ver.changes', { n: version.changes?.length ?? 0 })}
                    </Button>
                  )}
                  {/* The current version keeps the place of the button, so that the others stand in line. */}
                  {versions.data.length > 1 && (
                    <Button
                      size="sm"
                      icon="rotate"
                      className={cx(i === 0 && styles.absent)}
                      onClick={() => bringBack(version.version)}
                    >
                      {t('build.ver.restore')}
                    </Button>
                  )}
                </span>
              </div>
              {version.note && <p className={styles.note}>{version.note}</p>}
              {open === version.version && (
                <ul className={styles.changes}>
                  {version.changes?.map((change, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the past does not change
                    <li key={j} className={cx(styles.change, styles[change.severity])}>
                      <Icon
                        name={change.kind === 'removed' ? 'minus' : change.kind === 'added' ? 'plus' : 'pen'}
                        size={14}
                      />
                      {textOf(change.text)}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
    </PageBody>
  );
}
