import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { keys } from '@/api/keys';
import { useJob } from '@/api/queries/imports';
import { useInstallTemplate, useTemplates } from '@/api/queries/templates';
import { AppIcon, Button, Dialog, EmptyState, ErrorState, Notice, Progress, SkeletonRows, Switch } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import styles from './AppFrom.module.css';

/** Chooses a template and installs it, with or without sample data. */
export function AppFromTemplate({ onClose }: { onClose: () => void }) {
  const { workspace, base } = useWorkspace();
  const templates = useTemplates();
  const client = useQueryClient();
  const install = useInstallTemplate(workspace.key);
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  const [sample, setSample] = useState(true);
  const [light, setLight] = useState(false);
  const [started, setStarted] = useState<{ job?: string; app: string } | null>(null);
  const job = useJob(started?.job);
  const chosen = picked ?? (templates.data?.length === 1 ? templates.data[0]?.name : undefined);
  const failed = job.data?.state === 'failed';
  const problem = install.error ? asProblem(install.error) : null;

  const ready = started && (!started.job || job.data?.state === 'done') ? started.app : null;
  useEffect(() => {
    if (!ready) return;
    client.invalidateQueries({ queryKey: keys.apps(workspace.key) });
    onClose();
    // Addresses take an id too: the list of apps may not know the new one yet.
    navigate(`${base}/a/${ready}`);
  }, [ready, base, client, workspace.key, navigate, onClose]);

  return (
    <Dialog
      opened
      onClose={onClose}
      sticky={!!started}
      title={t('home.fromTemplate')}
      onSubmit={() => {
        if (!chosen) return;
        install.mutate({ template: chosen, sample, light }, { onSuccess: setStarted });
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={!chosen}
            loading={install.isPending || (!!started && !failed)}
          >
            {started ? t('home.installing') : t('home.install')}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger">{problem.message}</Notice>}
      {failed && (
        <Notice tone="danger">
          {typeof job.data?.error === 'string' ? job.data.error : (job.data?.error?.detail ?? t('errors.unexpected'))}
        </Notice>
      )}
      {templates.isPending ? (
        <SkeletonRows rows={2} columns={1} rowHeight={64} />
      ) : templates.isError ? (
        <ErrorState compact error={templates.error} onRetry={() => templates.refetch()} />
      ) : templates.data.length === 0 ? (
        <EmptyState compact title={t('home.noTemplates')} />
      ) : (
        <div role="radiogroup" aria-label={t('home.template')} className={styles.options}>
          {templates.data.map((one) => (
            <label key={one.name} className={styles.option} data-checked={one.name === chosen || undefined}>
              <input
                type="radio"
                name="template"
                className={styles.input}
                checked={one.name === chosen}
                onChange={() => setPicked(one.name)}
              />
              <AppIcon icon={one.icon} hue={one.hue} size={40} />
              <span className={styles.words}>
                <span className={styles.name}>{textOf(one.title)}</span>
                <span className={styles.help}>{textOf(one.description)}</span>
                {one.entities !== undefined && (
                  <span className={styles.help}>
                    {t('home.templateContains', {
                      entities: one.entities,
                      rules: one.rules ?? 0,
                      dashboards: one.dashboards ?? 0,
                    })}
                  </span>
                )}
              </span>
            </label>
          ))}
        </div>
      )}
      <Switch checked={sample} onChange={setSample} label={t('home.sample')} help={t('home.sampleHelp')} />
      <Switch checked={light} onChange={setLight} label={t('home.light')} help={t('home.lightHelp')} />
      {started?.job && !failed && (
        <Progress
          value={job.data?.total ? job.data.progress / job.data.total : undefined}
          label={t('home.installing')}
        />
      )}
    </Dialog>
  );
}
