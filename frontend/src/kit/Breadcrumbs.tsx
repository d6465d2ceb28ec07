import { Fragment } from 'react';
import { Link } from 'react-router';
import { t } from '@/locales';
import styles from './Breadcrumbs.module.css';
import { Icon } from './Icon';

export interface Crumb {
  label: string;
  to?: string;
}

/** Where the page is; the last crumb is the page itself. A phone has room for it and the way back. */
export function Breadcrumbs({ items, back = true }: { items: Crumb[]; back?: boolean }) {
  const above = back ? items.slice(0, -1).findLast((item) => item.to) : undefined;
  return (
    <nav aria-label={t('common.breadcrumbs')} className={styles.crumbs}>
      {above?.to && (
        <Link to={above.to} className={styles.back} aria-label={above.label}>
          <Icon name="chevron-left" size={20} />
        </Link>
      )}
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
