import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { uploadFormFile } from '@/api/queries/files';
import type { Hue } from '@/api/types';
import { Button, cx, Dialog, Icon, Notice, Progress, Segmented, TextInput } from '@/kit';
import { t } from '@/locales';
import { formatPercent, formatSize } from '@/locales/format';
import { createForm, nameTaken } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import { entities } from '../model';
import { IconHueField } from '../panel/IconHueField';
import styles from './NewFormDialog.module.css';

const icons = ['form', 'user', 'briefcase', 'contract', 'cart', 'box', 'ticket', 'money'];
const colors: Hue[] = ['jade', 'blue', 'violet', 'amber', 'green', 'pink', 'cyan', 'orange'];

/** A new form: empty, or made of a spreadsheet with its rows. */
export function NewFormDialog({ onClose }: { onClose: () => void }) {
  const { store, base, app } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const count = entities(docs).length;
  const [from, setFrom] = useState<'blank' | 'file'>('blank');
  const [name, setName] = useState('');
  const [icon, setIcon] = useState(icons[count % icons.length] ?? 'form');
  const [hue, setHue] = useState<Hue>(colors[count % colors.length] ?? 'jade');
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const words = name.trim();
  const nameFault =
    words === '' ? t('build.nameRequired') : nameTaken(docs, 'entity', words) ? t('build.nameTaken') : undefined;

  function take(next: File | undefined) {
    if (!next) return;
    if (!/\.(xlsx|csv|tsv)$/i.test(next.name)) {
      setFault(t('build.fileType'));
      return;
    }
    setFault(null);
    setFile(next);
  }

  async function submit() {
    setTried(true);
    if (from === 'blank') {
      if (nameFault) return;
      let made = '';
      store.change(t('build.did.newForm', { name: words }), (d) => {
        made = createForm(d, words, { icon, hue }).entity;
      });
      onClose();
      navigate(`${base}/forms/${made}/design`);
      return;
    }
    if (!file) {
      setFault(t('build.fileType'));
      return;
    }
    setFault(null);
    setShare(0);
    try {
      // The server adds to the draft that it has: ours must be there first.
      await store.flush();
      const made = await uploadFormFile(app.id, file, setShare);
      await store.reload();
      client.invalidateQueries({ queryKey: ['app', app.id] });
      onClose();
      if (made.entity) navigate(`${base}/forms/${made.entity}/design`);
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
      title={t('build.newForm')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={share !== null}>
            {t('common.create')}
          </Button>
        </>
      }
    >
      <Segmented
        block
        aria-label={t('build.newForm')}
        value={from}
        onChange={setFrom}
        options={[
          { value: 'blank', label: t('build.blankForm'), icon: 'form' },
          { value: 'file', label: t('build.fromExcel'), icon: 'excel' },
        ]}
      />
      {fault && <Notice tone="danger">{fault}</Notice>}
      {from === 'blank' ? (
        <>
          <TextInput
            label={t('build.formName')}
            required
            autoFocus
            value={name}
            onChange={setName}
            placeholder={t('build.formNamePlaceholder')}
            error={tried ? nameFault : undefined}
            help={t('build.newFormHelp')}
          />
          <IconHueField icon={icon} hue={hue} onIcon={setIcon} onHue={setHue} />
        </>
      ) : (
        <>
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
            <span className={styles.name}>{file ? file.name : t('build.dropFile')}</span>
            <span className={styles.help}>{file ? formatSize(file.size) : t('build.dropHelp')}</span>
          </button>
          <input ref={input} type="file" hidden accept=".xlsx,.csv,.tsv" onChange={(e) => take(e.target.files?.[0])} />
          {share !== null && (
            <Progress
              value={share < 1 ? share : undefined}
              label={t('build.uploading', { share: formatPercent(share) })}
            />
          )}
        </>
      )}
    </Dialog>
  );
}
