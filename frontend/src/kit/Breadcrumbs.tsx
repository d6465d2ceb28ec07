import { Fragment } from 'react';
import { Link } from 'react-router';
import { t } from '@/locales';
import styles from './Breadcrumbs.module.css';

export interface Crumb {
  label: string;
  to?: string;
}

/** Where the page is; the last crumb is the page itself. */
export function Breadcrumbs({ items }: { items: Crumb[] }) {
  return (
    <nav aria-label={t('common.breadcrumbs')} className={styles.crumbs}>
      {items.map((item, i) => (
        <Fragment key={`${item.to ?? ''}${item.label}`}>
          {i > 0 && (
            <span className={styles.slash} aria-hidden>
              /
            </span>
          )}
          {item.to && i < items.length - 1 ? (
            <Link to={item.to} className={styles.link}>
              {item.label}
            </Link>
          ) : i === items.length - 1 ? (
            <h1 className={styles.here} aria-current="page">
              {item.label}
            </h1>
          ) : (
            <span className={styles.link}>{item.label}</span>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
