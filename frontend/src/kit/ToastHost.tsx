import { useEffect, useState, useSyncExternalStore } from 'react';
import { t } from '@/locales';
import { Icon } from './Icon';
import styles from './ToastHost.module.css';
import { dismissToast, type Toast, toastStore } from './toast';

/** Where messages appear; once per page. */
export function ToastHost() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  return (
    <div className={styles.host} role="status" aria-live="polite">
      {toasts.map((one) => (
        <Message key={one.id} toast={one} />
      ))}
    </div>
  );
}

function Message({ toast }: { toast: Toast }) {
  // Pointing at a message keeps it: nobody must race a timer to press Undo.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.life === 0) return;
    const timer = setTimeout(() => dismissToast(toast.id), toast.life);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only holds it
    <div
      className={styles.toast}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon
        name={toast.tone === 'success' ? 'check' : toast.tone === 'danger' ? 'error' : 'info'}
        className={toast.tone === 'success' ? styles.success : toast.tone === 'danger' ? styles.danger : styles.info}
      />
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            toast.action?.run();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        className={styles.close}
        aria-label={t('common.close')}
        onClick={() => dismissToast(toast.id)}
      >
        <Icon name="x" size={14} />
      </button>
    </div>
  );
}
