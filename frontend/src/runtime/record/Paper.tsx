// Sheets of paper over the page: what stands on them is printed, the page is not.
import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { useHotkeys } from '@/kit/use-hotkeys';
import { t } from '@/locales';
import styles from './PrintView.module.css';

export interface PaperProps {
  /** Of the document: browsers put it above each sheet and name the file by it. */
  title: string;
  /** A4 on its side: tables. */
  wide?: boolean;
  /** Not all of it is there yet. */
  busy?: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function Paper({ title, wide, busy, onClose, children }: PaperProps) {
  const frame = useRef<HTMLDivElement>(null);
  useHotkeys({ esc: onClose }, frame);
  useEffect(() => {
    // The page's own content stays off the paper.
    document.documentElement.dataset.printing = wide ? 'wide' : '';
    const before = document.title;
    document.title = title;
    return () => {
      delete document.documentElement.dataset.printing;
      document.title = before;
    };
  }, [title, wide]);
  return createPortal(
    <div ref={frame} className={styles.overlay} role="dialog" aria-modal aria-label={t('record.printTitle')}>
      <div className={styles.bar}>
        <span className={styles.barTitle}>{t('record.printTitle')}</span>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button variant="primary" icon="printer" autoFocus loading={busy} onClick={() => window.print()}>
          {t('record.print')}
        </Button>
      </div>
      <div className={styles.desk}>
        <article data-paper className={cx(styles.paper, wide && styles.wide)}>
          {children}
        </article>
      </div>
    </div>,
    document.body,
  );
}
