import type { ReactNode } from 'react';
import styles from './PageBody.module.css';

/** The plain page of the builder: a title, what it is for, actions, content. */
export function PageBody({
  title,
  help,
  actions,
  children,
  wide,
}: {
  title: string;
  help?: string;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className={styles.scroll}>
      <div className={wide ? styles.wide : styles.page}>
        <header className={styles.head}>
          <div className={styles.words}>
            <h2 className={styles.title}>{title}</h2>
            {help && <p className={styles.help}>{help}</p>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}
