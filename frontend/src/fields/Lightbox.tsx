import { useState } from 'react';
import type { StoredFile } from '@/api/types';
import { IconButton } from '@/kit/IconButton';
import { Overlay } from '@/kit/Overlay';
import { useHotkeys } from '@/kit/use-hotkeys';
import { t } from '@/locales';
import styles from './files.module.css';

/** Pictures over the whole page; arrow keys go from one to the next. */
export function Lightbox({
  files,
  start,
  url,
  onClose,
}: {
  files: StoredFile[];
  start: number;
  url: (file: StoredFile) => string;
  onClose: () => void;
}) {
  const [at, setAt] = useState(start);
  const file = files[at];
  const go = (by: number) => setAt((i) => (i + by + files.length) % files.length);
  useHotkeys({ ArrowLeft: () => go(-1), ArrowRight: () => go(1) });
  if (!file) return null;
  return (
    <Overlay label={file.name} onClose={onClose} className={styles.lightbox}>
      <div className={styles.lighthead}>
        <span className={styles.name}>{file.name}</span>
        {files.length > 1 && (
          <>
            <IconButton icon="chevron-left" label={t('common.previous')} onClick={() => go(-1)} />
            <span className={styles.size}>{`${at + 1} / ${files.length}`}</span>
            <IconButton icon="chevron-right" label={t('common.following')} onClick={() => go(1)} />
          </>
        )}
        <IconButton
          icon="external"
          label={t('fields.openFile')}
          onClick={() => window.open(url(file), '_blank', 'noopener')}
        />
        <IconButton icon="x" label={t('common.close')} onClick={onClose} />
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes as well */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the empty space around a picture closes it */}
      <div className={styles.stage} onClick={(e) => e.target === e.currentTarget && onClose()}>
        <img src={url(file)} alt={file.name} />
      </div>
    </Overlay>
  );
}
