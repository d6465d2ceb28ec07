// Files added by choosing, dropping or pasting them.
import { lazy, Suspense, useId, useRef, useState } from 'react';
import type { StoredFile } from '@/api/types';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import { Icon } from '@/kit/Icon';
import { Progress } from '@/kit/Progress';
import { t } from '@/locales';
import { formatSize } from '@/locales/format';
import { controlProps, type InputProps } from './define';
import { fileIcon, filesOf, limitsOf } from './files';
import styles from './files.module.css';
import { type Upload, useUploads } from './use-uploads';

const Lightbox = lazy(async () => ({ default: (await import('./Lightbox')).Lightbox }));

export function FileInput({ images, ...props }: InputProps<StoredFile[]> & { images: boolean }) {
  const { value, onChange, field, ctx, size, record } = props;
  const { disabled: off, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const files = filesOf(value);
  const limits = limitsOf(field, images);
  const set = (next: StoredFile[]) => onChange(next.length > 0 ? next : null);
  const uploads = useUploads(ctx, limits, files, set);
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState<number | null>(null);
  const made = useId();
  const disabled = off || !ctx.upload;
  const full = files.length + uploads.list.filter((u) => !u.problem).length >= limits.maxCount;
  const url = (file: StoredFile) =>
    ctx.fileUrl?.(file.id, typeof record?.id === 'string' ? record.id : undefined) ?? '';
  const remove = (id: string) => set(files.filter((f) => f.id !== id));
  const choose = () => chooser.current?.click();

  return (
    <FieldFrame {...frame} id={frame.id ?? made}>
      {(ids) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop and paste, beside a button that does the same
        <div
          className={cx(over && styles.over, frame.error ? styles.invalid : undefined)}
          onDragOver={(e) => {
            if (disabled || !e.dataTransfer.types.includes('Files')) return;
            e.preventDefault();
            setOver(true);
          }}
          onDragLeave={(e) => {
            if (!e.currentTarget.contains(e.relatedTarget as Node)) setOver(false);
          }}
          onDrop={(e) => {
            if (disabled) return;
            e.preventDefault();
            setOver(false);
            uploads.add(e.dataTransfer.files);
          }}
          onPaste={(e) => {
            if (disabled || e.clipboardData.files.length === 0) return;
            e.preventDefault();
            uploads.add(e.clipboardData.files);
          }}
        >
          <input
            ref={chooser}
            type="file"
            className={styles.hidden}
            tabIndex={-1}
            aria-hidden
            multiple={limits.maxCount > 1}
            accept={limits.accept.join(',') || undefined}
            onChange={(e) => {
              if (e.target.files) uploads.add(e.target.files);
              e.target.value = '';
            }}
          />
          {images ? (
            <div className={styles.tiles}>
              {files.map((file, i) => (
                <div key={file.id} className={styles.tile}>
                  <button
                    type="button"
                    className={styles.picture}
                    aria-label={file.name}
                    title={file.name}
                    onClick={() => setOpen(i)}
                  >
                    <img src={url(file)} alt="" />
                  </button>
                  {!disabled && (
                    <button
                      type="button"
                      className={styles.remove}
                      aria-label={t('common.removeItem', { name: file.name })}
                      onClick={() => remove(file.id)}
                    >
                      <Icon name="x" size={14} />
                    </button>
                  )}
                </div>
              ))}
              {uploads.list.map((one) => (
                <div key={one.key} className={styles.tile} title={one.problem ?? one.name}>
                  <div className={styles.waiting}>
                    {one.problem ? (
                      <span className={styles.problem}>{t('fields.uploadFailed')}</span>
                    ) : (
                      <Progress value={one.share} label={one.name} />
                    )}
                  </div>
                  <button
                    type="button"
                    className={styles.remove}
                    aria-label={t('common.removeItem', { name: one.name })}
                    onClick={() => uploads.cancel(one.key)}
                  >
                    <Icon name="x" size={14} />
                  </button>
                </div>
              ))}
              {!full && (
                <button
                  type="button"
                  {...ids}
                  aria-label={ariaLabel}
                  className={styles.add}
                  disabled={disabled}
                  onClick={choose}
                >
                  <Icon name="plus" />
                  {t('fields.addImage')}
                </button>
              )}
            </div>
          ) : (
            <div className={styles.list}>
              {files.map((file) => (
                <div key={file.id} className={styles.file}>
                  <Icon name={fileIcon(file)} className={styles.icon} />
                  <a className={styles.name} href={url(file)} target="_blank" rel="noreferrer" title={file.name}>
                    {file.name}
                  </a>
                  <span className={styles.size}>{formatSize(file.size)}</span>
                  {!disabled && (
                    <button
                      type="button"
                      className={styles.act}
                      aria-label={t('common.removeItem', { name: file.name })}
                      onClick={() => remove(file.id)}
                    >
                      <Icon name="x" size={14} />
                    </button>
                  )}
                </div>
              ))}
              {uploads.list.map((one) => (
                <Waiting
                  key={one.key}
                  one={one}
                  onCancel={() => uploads.cancel(one.key)}
                  onRetry={() => uploads.retry(one.key)}
                />
              ))}
              {!full && (
                <button
                  type="button"
                  {...ids}
                  aria-label={ariaLabel}
                  className={styles.drop}
                  disabled={disabled}
                  onClick={choose}
                >
                  <Icon name="paperclip" />
                  <span>{t('fields.addFile')}</span>
                  {size !== 'sm' && <span className={styles.hint}>{t('fields.dropHint')}</span>}
                </button>
              )}
            </div>
          )}
          {open !== null && (
            <Suspense>
              <Lightbox files={files} start={open} url={url} onClose={() => setOpen(null)} />
            </Suspense>
          )}
        </div>
      )}
    </FieldFrame>
  );
}

function Waiting({ one, onCancel, onRetry }: { one: Upload; onCancel: () => void; onRetry: () => void }) {
  return (
    <div className={styles.file} role={one.problem ? 'alert' : undefined}>
      <Icon name={one.problem ? 'error' : 'upload'} className={styles.icon} />
      {one.problem ? (
        <span className={styles.problem}>{one.problem}</span>
      ) : (
        <span className={styles.name}>{one.name}</span>
      )}
      {!one.problem && (
        <span className={styles.progress}>
          <Progress value={one.share} label={one.name} />
        </span>
      )}
      {one.problem && (
        <button
          type="button"
          className={styles.act}
          aria-label={t('common.retry')}
          title={t('common.retry')}
          onClick={onRetry}
        >
          <Icon name="refresh" size={14} />
        </button>
      )}
      <button
        type="button"
        className={styles.act}
        aria-label={t('common.removeItem', { name: one.name })}
        onClick={onCancel}
      >
        <Icon name="x" size={14} />
      </button>
    </div>
  );
}
