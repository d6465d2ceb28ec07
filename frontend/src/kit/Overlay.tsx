import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { MantineScope } from './MantineScope';
import styles from './Overlay.module.css';

/** A bare modal surface that lays itself out by its class: palette, lightbox. */
export function Overlay({
  onClose,
  label,
  children,
  className,
}: {
  onClose: () => void;
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <MantineScope>
      <Modal.Root
        opened
        onClose={onClose}
        size="auto"
        zIndex="var(--z-modal)"
        transitionProps={{ duration: 0 }}
        classNames={{ content: cx(styles.content, className), inner: styles.inner, overlay: styles.overlay }}
      >
        <Modal.Overlay />
        <Modal.Content aria-label={label}>{children}</Modal.Content>
      </Modal.Root>
    </MantineScope>
  );
}
