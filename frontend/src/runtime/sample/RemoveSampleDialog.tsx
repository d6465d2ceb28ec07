import { asProblem } from '@/api/client';
import { useRuntime } from '@/api/queries/apps';
import { useRemoveSample } from '@/api/queries/templates';
import type { SampleRemoval } from '@/api/types';
import { Button, Dialog, Notice, Table } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';

/** Takes the samples of an app out; what real data refers to is kept and listed. */
export function RemoveSampleDialog({ app, onClose }: { app: string; onClose: () => void }) {
  const remove = useRemoveSample(app);
  const runtime = useRuntime(app);
  const done = remove.data;
  const kindOf = (key: string) => {
    if (key === 'member') return t('make.member');
    if (key === 'department') return t('make.department');
    return textOf(runtime.data?.entities.find((e) => e.key === key)?.name) || key;
  };
  return (
    <Dialog
      opened
      size={done?.kept.length ? 'lg' : 'sm'}
      sticky={remove.isPending}
      onClose={onClose}
      title={t('make.removeSample')}
      footer={
        done ? (
          <Button variant="primary" onClick={onClose}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose} disabled={remove.isPending}>
              {t('common.cancel')}
            </Button>
            <Button variant="danger-solid" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('make.removeSample')}
            </Button>
          </>
        )
      }
    >
      {remove.error && <Notice tone="danger">{asProblem(remove.error).message}</Notice>}
      {done ? (
        <>
          <Notice tone="success" title={t('make.sampleGone', { n: done.records + done.members + done.departments })} />
          {done.kept.length > 0 && (
            <>
              <Notice tone="info" title={t('make.kept', { n: done.kept.length })}>
                {t('make.keptHelp')}
              </Notice>
              <Table<SampleRemoval['kept'][number]>
                label={t('make.kept', { n: done.kept.length })}
                rows={done.kept}
                rowKey={(k) => k.entity + k.id}
                columns={[
                  { key: 'title', title: t('make.keptItem'), render: (k) => k.title || t('fields.untitled') },
                  { key: 'kind', title: t('make.keptKind'), width: 120, render: (k) => kindOf(k.entity) },
                  {
                    key: 'by',
                    title: t('make.keptBy'),
                    wide: true,
                    render: (k) => k.by && [kindOf(k.by.entity), k.by.title].filter(Boolean).join(' · '),
                  },
                ]}
              />
            </>
          )}
        </>
      ) : (
        <p>{t('make.removeSampleHelp')}</p>
      )}
    </Dialog>
  );
}
