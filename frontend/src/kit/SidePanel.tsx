import type { ReactNode } from 'react';
import { t } from '@/locales';
import { IconButton } from './IconButton';
import { ResizeHandle } from './ResizeHandle';
import styles from './SidePanel.module.css';
import { usePhone } from './use-phone';
import { useStoredSize } from './use-stored-size';

export interface SidePanelProps {
  title: ReactNode;
  onClose?: () => void;
  /** Beside the close button. */
  actions?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  /** Remembers the width under this name. */
  name: string;
  width?: number;
  label: string;
  flush?: boolean;
}

/** A panel beside the content: the page stays usable. On a phone it fills the screen. */
export function SidePanel({
  title,
  onClose,
  actions,
  children,
  footer,
  name,
  width = 420,
  label,
  flush,
}: SidePanelProps) {
  const phone = usePhone();
  const [size, setSize] = useStoredSize(`panel.${name}`, width, 320, 720);
  return (
    <aside
      className={phone ? styles.full : styles.panel}
      style={phone ? undefined : { width: size }}
      aria-label={label}
    >
      {!phone && <ResizeHandle side="left" size={size} min={320} max={720} onResize={setSize} />}
      <header className={styles.header}>
        <div className={styles.title}>{title}</div>
        <span className={styles.actions}>
          {actions}
          {onClose && <IconButton icon="x" label={t('common.close')} shortcut="esc" onClick={onClose} />}
        </span>
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </aside>
  );
}
