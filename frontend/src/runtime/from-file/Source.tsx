import { useRef, useState } from 'react';
import { Button, cx, Icon, Progress, Textarea, usePhone } from '@/kit';
import { t } from '@/locales';
import styles from './from-file.module.css';

/** Where the table comes from: a file, or the clipboard. */
export function Source({
  share,
  onTake,
  onFault,
}: {
  /** How much of a file is sent; null while nothing is. */
  share: number | null;
  onTake: (source: File | string) => void;
  onFault: (text: string) => void;
}) {
  const phone = usePhone();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [pasted, setPasted] = useState('');

  function take(file: File | undefined) {
    if (!file) return;
    if (/\.(xlsx|csv|tsv|txt)$/i.test(file.name)) onTake(file);
    else onFault(t('make.fileType'));
  }

  return (
    <>
      <button
        type="button"
        className={cx(styles.drop, over && styles.over)}
        disabled={share !== null}
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
        <span className={styles.strong}>{phone ? t('make.chooseFile') : t('make.dropFile')}</span>
        <span className={styles.quiet}>{t('make.dropHelp')}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".xlsx,.csv,.tsv,.txt"
        onChange={(e) => {
          take(e.target.files?.[0]);
          e.target.value = '';
        }}
      />
      {share !== null ? (
        <Progress value={share > 0 && share < 1 ? share : undefined} label={t('make.reading')} />
      ) : (
        <>
          <Textarea
            label={t('make.orPaste')}
            placeholder={t('make.pasteHere')}
            minRows={4}
            value={pasted}
            onChange={setPasted}
          />
          {pasted.trim() && (
            <Button className={styles.read} onClick={() => onTake(pasted)}>
              {t('make.read')}
            </Button>
          )}
        </>
      )}
    </>
  );
}
