import { Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';
import { MantineScope } from './MantineScope';

export interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  /** 400, 520, 720, 960 px. */
  size?: 'sm' | 'md' | 'lg' | 'xl';
  children: ReactNode;
  /** Buttons, right-aligned; the primary one last. */
  footer?: ReactNode;
  /** Makes the body a form: Enter in a field submits. */
  onSubmit?: () => void;
  /** Escape and clicks outside do nothing: unsaved input. */
  sticky?: boolean;
  className?: string;
}

const widths = { sm: 400, md: 520, lg: 720, xl: 960 };

/** A modal question of at most five fields. */
export function Dialog({
  opened,
  onClose,
  title,
  size = 'md',
  children,
  footer,
  onSubmit,
  sticky,
  className,
}: DialogProps) {
  const inner = (
    <>
      <div className={cx(styles.body, className)}>{children}</div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </>
  );
  return (
    <MantineScope>
      <Modal.Root
        opened={opened}
        onClose={onClose}
        size={widths[size]}
        centered
        closeOnClickOutside={!sticky}
        closeOnEscape={!sticky}
        zIndex="var(--z-modal)"
        transitionProps={{ duration: 160, transition: 'fade' }}
        classNames={{
          content: styles.content,
          inner: styles.inner,
          overlay: styles.overlay,
          header: styles.header,
          title: styles.title,
        }}
      >
        <Modal.Overlay />
        <Modal.Content>
          <Modal.Header>
            <Modal.Title>{title}</Modal.Title>
            <IconButton icon="x" label={t('common.close')} onClick={onClose} />
          </Modal.Header>
          {onSubmit ? (
            <form
              className={styles.form}
              noValidate
              onSubmit={(e: FormEvent) => {
                e.preventDefault();
                e.stopPropagation();
                onSubmit();
              }}
            >
              {inner}
            </form>
          ) : (
            inner
          )}
        </Modal.Content>
      </Modal.Root>
    </MantineScope>
  );
}
