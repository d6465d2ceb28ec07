import { Drawer as Base } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '@/locales';
import styles from './Drawer.module.css';
import { IconButton } from './IconButton';
import { MantineScope } from './MantineScope';
import { usePhone } from './use-phone';

export interface DrawerProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Pixels; 480 by default. On a phone it is a sheet from below. */
  width?: number;
  side?: 'right' | 'left';
  children: ReactNode;
  footer?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  flush?: boolean;
}

/** A panel over the page, for work that blocks the rest. */
export function Drawer({
  opened,
  onClose,
  title,
  width = 480,
  side = 'right',
  children,
  footer,
  actions,
  flush,
}: DrawerProps) {
  const phone = usePhone();
  return (
    <MantineScope>
      <Base.Root
        opened={opened}
        onClose={onClose}
        position={phone && side === 'right' ? 'bottom' : side}
        size={phone && side === 'right' ? 'auto' : width}
        zIndex="var(--z-modal)"
        transitionProps={{ duration: 200 }}
        classNames={{ content: styles.content, overlay: styles.overlay, header: styles.header, title: styles.title }}
      >
        <Base.Overlay />
        <Base.Content data-sheet={(phone && side === 'right') || undefined}>
          <Base.Header>
            <Base.Title>{title}</Base.Title>
            <span className={styles.actions}>
              {actions}
              <IconButton icon="x" label={t('common.close')} onClick={onClose} />
            </span>
          </Base.Header>
          <div className={flush ? styles.flush : styles.body}>{children}</div>
          {footer && <footer className={styles.footer}>{footer}</footer>}
        </Base.Content>
      </Base.Root>
    </MantineScope>
  );
}
