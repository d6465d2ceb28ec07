import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useCreateApp } from '@/api/queries/apps';
import { uploadFormFile } from '@/api/queries/files';
import type { AppSummary } from '@/api/types';
import { Button, cx, Dialog, Icon, Notice, Progress, TextInput } from '@/kit';
import { t } from '@/locales';
import { formatPercent, formatSize } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import styles from './AppFrom.module.css';

/** Makes an app with one form out of a spreadsheet. */
export function AppFromFile({ onClose }: { onClose: () => void }) {
  const { workspace, base } = useWorkspace();
  const create = useCreateApp(workspace.key);
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  // An app that was made before the upload failed is used again.
  const made = useRef<AppSummary | null>(null);

  function take(next: File | undefined) {
    if (!next) return;
    if (!/\.(xlsx|csv|tsv)$/i.test(next.name)) {
      setFault(t('home.fileType'));
      return;
    }
    setFault(null);
    setFile(next);
    if (name.trim() === '') setName(next.name.replace(/\.[^.]+$/, ''));
  }

  async function submit() {
    if (!file) {
      setFault(t('home.fileType'));
      return;
    }
    if (name.trim() === '') return;
    setFault(null);
    setShare(0);
    try {
      made.current ??= await create.mutateAsync({ name: name.trim(), icon: 'table', hue: 'green' });
      await uploadFormFile(made.current.id, file, setShare);
      onClose();
      navigate(`${base}/a/${made.current.key}`);
    } catch (error) {
      setFault(asProblem(error).message);
      setShare(null);
    }
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      sticky={share !== null}
      title={t('home.fromExcel')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!file} loading={share !== null}>
            {t('common.create')}
          </Button>
        </>
      }
    >
      {fault && <Notice tone="danger">{fault}</Notice>}
      <button
        type="button"
        className={cx(styles.drop, over && styles.over)}
        onClick={() => input.current?.click()}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          take(e.dataTransfer.files[0]);
        }}
      >
        <Icon name="excel" size={24} />
        {file ? (
          <>
            <span className={styles.name}>{file.name}</span>
            <span className={styles.help}>{formatSize(file.size)}</span>
          </>
        ) : (
          <>
            <span className={styles.name}>{t('home.dropFile')}</span>
            <span className={styles.help}>{t('home.dropHelp')}</span>
          </>
        )}
      </button>
      <input ref={input} type="file" hidden accept=".xlsx,.csv,.tsv" onChange={(e) => take(e.target.files?.[0])} />
      {file && (
        <TextInput
          label={t('home.appName')}
          value={name}
          onChange={setName}
          error={name.trim() === '' ? t('home.appNameRequired') : undefined}
        />
      )}
      {share !== null && (
        <Progress value={share < 1 ? share : undefined} label={t('home.uploading', { share: formatPercent(share) })} />
      )}
    </Dialog>
  );
}
