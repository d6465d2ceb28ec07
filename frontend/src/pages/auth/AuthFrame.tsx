import type { ReactNode } from 'react';
import { Logo } from '@/kit';
import { languageNames, locale, setLocale } from '@/locales';
import styles from './auth.module.css';

/** The page of everything before a workspace: one narrow column. */
export function AuthFrame({
  title,
  help,
  children,
  footer,
}: {
  title: string;
  help?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}) {
  const other = locale() === 'zh-CN' ? 'en-US' : 'zh-CN';
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <Logo size={40} />
        <h1 className={styles.title}>{title}</h1>
        {help && <p className={styles.help}>{help}</p>}
        {children}
        {footer}
      </div>
      <footer className={styles.foot}>
        <button type="button" className={styles.language} lang={other} onClick={() => setLocale(other)}>
          {languageNames[other]}
        </button>
      </footer>
    </main>
  );
}
