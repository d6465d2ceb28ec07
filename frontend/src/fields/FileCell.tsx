import { lazy, Suspense, useState } from 'react';
import type { StoredFile } from '@/api/types';
import { Icon } from '@/kit/Icon';
import { formatSize } from '@/locales/format';
import cells from './cells.module.css';
import type { CellProps } from './define';
import { fileIcon, filesOf, isImage } from './files';
import styles from './files.module.css';

const Lightbox = lazy(async () => ({ default: (await import('./Lightbox')).Lightbox }));

/** Names and sizes, linked where there is room; pictures small. */
export function FileCell({ value, ctx, variant, record }: CellProps<StoredFile[] | StoredFile>) {
  const files = filesOf(value);
  if (files.length === 0) return null;
  const url = (file: StoredFile) => ctx.fileUrl?.(file.id, record) ?? '';
  if (variant === 'detail') return <Detail files={files} url={url} />;
  const pictures = ctx.fileUrl ? files.filter(isImage).slice(0, 5) : [];
  if (pictures.length > 0 && pictures.length >= Math.min(5, files.length)) {
    return (
      <span className={styles.thumbs}>
        {pictures.map((file) => (
          <img key={file.id} className={styles.thumb} src={url(file)} alt={file.name} loading="lazy" />
        ))}
        {files.length > pictures.length && <span className={cells.quiet}>{`+${files.length - pictures.length}`}</span>}
      </span>
    );
  }
  return (
    <span className={cells.person} title={files.map((f) => f.name).join('\n')}>
      <Icon name="paperclip" size={14} className={styles.icon} />
      <span className={cells.line}>{files.length === 1 ? files[0]?.name : `${files.length}`}</span>
    </span>
  );
}

function Detail({ files, url }: { files: StoredFile[]; url: (file: StoredFile) => string }) {
  const [open, setOpen] = useState<number | null>(null);
  const pictures = files.filter(isImage);
  const others = files.filter((file) => !isImage(file));
  return (
    <span className={styles.list}>
      {pictures.length > 0 && (
        <span className={styles.tiles}>
          {pictures.map((file, i) => (
            <span key={file.id} className={styles.tile}>
              <button
                type="button"
                className={styles.picture}
                aria-label={file.name}
                title={file.name}
                onClick={() => setOpen(i)}
              >
                <img src={url(file)} alt="" loading="lazy" />
              </button>
            </span>
          ))}
        </span>
      )}
      {others.map((file) => (
        <span key={file.id} className={styles.file}>
          <Icon name={fileIcon(file)} className={styles.icon} />
          <a className={styles.name} href={url(file)} target="_blank" rel="noreferrer">
            {file.name}
          </a>
          <span className={styles.size}>{formatSize(file.size)}</span>
        </span>
      ))}
      {open !== null && (
        <Suspense>
          <Lightbox files={pictures} start={open} url={url} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </span>
  );
}
