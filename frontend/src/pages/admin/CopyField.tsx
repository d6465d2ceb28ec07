import { Button, toast } from '@/kit';
import { t } from '@/locales';
import styles from './admin.module.css';

/** Copies a text, and says when the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('common.copied'), { tone: 'success' });
  } catch {
    toast(t('admin.copyFailed'), { tone: 'danger' });
  }
}

/** A text to take away: a link, a secret, an example. */
export function CopyField({ text, code }: { text: string; code?: boolean }) {
  return (
    <>
      {code ? (
        // A long line scrolls, by keyboard too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by Tab
        <pre className={styles.code} tabIndex={0}>
          {text}
        </pre>
      ) : (
        <div className={styles.secret}>{text}</div>
      )}
      <div className={styles.row}>
        <Button size="sm" icon="copy" onClick={() => void copyText(text)}>
          {t('common.copy')}
        </Button>
      </div>
    </>
  );
}
