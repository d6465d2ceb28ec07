import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { keys } from '@/api/keys';
import { jobFault, useJob } from '@/api/queries/imports';
import { useInstallTemplate } from '@/api/queries/templates';
import type { TemplateDetail } from '@/api/types';
import { Button, LinkButton, Notice, Progress, Switch, TextInput, toast } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import styles from './templates.module.css';

/** Installs a template and goes into the app when it is ready. */
export function InstallPanel({ template }: { template: TemplateDetail }) {
  const { workspace, base } = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const install = useInstallTemplate(workspace.key);
  const [name, setName] = useState(() => textOf(template.app.app.name));
  const [sample, setSample] = useState(template.sample);
  const [light, setLight] = useState(true);
  const job = useJob(install.data?.job ?? undefined);
  const words = name.trim();
  const state = job.data?.state;
  const made = install.data?.app;
  const unfinished = state === 'failed' || state === 'cancelled';
  const ready = made && (!install.data?.job || state === 'done') ? made : null;
  const busy = install.isPending || (!!made && !unfinished);
  const problem = install.error ? asProblem(install.error) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when everything is there
  useEffect(() => {
    if (!ready) return;
    void client.invalidateQueries({ queryKey: keys.workspace(workspace.key) });
    toast(t('make.installed', { name: words }), { tone: 'success' });
    // Addresses take an id too: the list of apps may not know the new one yet.
    navigate(`${base}/a/${ready}`);
  }, [ready]);

  if (!workspace.admin) {
    return (
      <aside className={styles.install}>
        <p className={styles.quiet}>{t('make.adminsOnly')}</p>
      </aside>
    );
  }
  return (
    <aside className={styles.install} aria-label={t('make.install')}>
      <h2 className={styles.installTitle}>{t('make.installTitle', { workspace: workspace.name })}</h2>
      <form
        className={styles.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (!words || busy) return;
          const given = template.app.app.name;
          install.mutate({
            template: template.name,
            // The name in the other language stays unless this one was changed.
            name: words === textOf(given) ? given : withText(words, words),
            sample: sample && template.sample,
            light,
          });
        }}
      >
        {problem && (
          <Notice tone="danger" title={problem.title}>
            {problem.detail}
          </Notice>
        )}
        <TextInput
          label={t('make.appName')}
          value={name}
          onChange={setName}
          disabled={busy}
          error={words ? undefined : t('make.appNameRequired')}
        />
        {template.sample && (
          <Switch
            checked={sample}
            onChange={setSample}
            disabled={busy}
            label={t('make.sample')}
            help={t('make.sampleHelp')}
          />
        )}
        <Switch
          checked={light}
          onChange={setLight}
          disabled={busy}
          label={t('make.light')}
          help={t('make.lightHelp')}
        />
        {busy && (
          <div className={styles.progress}>
            <Progress
              value={job.data?.total ? job.data.progress / job.data.total : undefined}
              label={t('make.installing')}
            />
            <p className={styles.help} aria-live="polite">
              {!made
                ? t('make.installing')
                : job.data?.total
                  ? t('make.loading', { done: job.data.progress, total: job.data.total })
                  : t('make.queued')}
            </p>
          </div>
        )}
        {unfinished && made ? (
          <>
            <Notice tone="warning" title={t('make.noSample')}>
              {jobFault(job.data)}
            </Notice>
            <LinkButton variant="primary" to={`${base}/a/${made}`}>
              {t('make.open')}
            </LinkButton>
          </>
        ) : (
          <Button type="submit" variant="primary" loading={busy} disabled={!words}>
            {t(busy ? 'make.installing' : 'make.install')}
          </Button>
        )}
      </form>
    </aside>
  );
}
