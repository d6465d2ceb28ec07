import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useImportApp } from '@/api/queries/apps';
import { jobFault, useJob } from '@/api/queries/imports';
import { Button, Dialog, Icon, LinkButton, Notice, Progress } from '@/kit';
import { t } from '@/locales';
import { formatSize } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import styles from './AppFrom.module.css';

/** Brings in an app that was exported as a file, here or elsewhere. */
export function AppFromArchive({ onClose }: { onClose: () => void }) {
  const { workspace, base } = useWorkspace();
  const bring = useImportApp(workspace.key);
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const job = useJob(bring.data?.job ?? undefined);
  const state = job.data?.state;
  const made = bring.data?.app;
  const unfinished = state === 'failed' || state === 'cancelled';
  const ready = made && (!bring.data?.job || state === 'done') ? made : null;
  const busy = bring.isPending || (!!made && !unfinished);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when everything is there
  useEffect(() => {
    if (!ready) return;
    onClose();
    navigate(`${base}/a/${ready}`);
  }, [ready]);

  return (
    <Dialog
      opened
      sticky={busy}
      onClose={onClose}
      title={t('home.importApp')}
      onSubmit={() => file && !busy && bring.mutate(file)}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {unfinished && made ? (
            <LinkButton variant="primary" to={`${base}/a/${made}`}>
              {t('common.open')}
            </LinkButton>
          ) : (
            <Button type="submit" variant="primary" disabled={!file} loading={busy}>
              {t('common.import')}
            </Button>
          )}
        </>
      }
    >
      {bring.error && (
        <Notice tone="danger">{asProblem(bring.error).errors[0]?.message ?? asProblem(bring.error).message}</Notice>
      )}
      {unfinished && (
        <Notice tone="warning" title={t('home.importAppPart')}>
          {jobFault(job.data)}
        </Notice>
      )}
      <button
        type="button"
        className={styles.drop}
        disabled={busy}
        onClick={() => input.current?.click()}
        onDragOver={(e) => e.preventDefault()}
        onDrop={(e) => {
          e.preventDefault();
          setFile(e.dataTransfer.files[0] ?? null);
        }}
      >
        <Icon name="layers" size={24} />
        <span className={styles.name}>{file ? file.name : t('home.dropApp')}</span>
        <span className={styles.help}>{file ? formatSize(file.size) : t('home.dropAppHelp')}</span>
      </button>
      <input ref={input} type="file" hidden accept=".zip" onChange={(e) => setFile(e.target.files?.[0] ?? null)} />
      {busy && (
        <Progress
          value={job.data?.total ? job.data.progress / job.data.total : undefined}
          label={t('home.importApp')}
        />
      )}
    </Dialog>
  );
}
