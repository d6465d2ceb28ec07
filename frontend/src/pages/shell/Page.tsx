import type { ReactNode } from 'react';
import { useMatch } from 'react-router';
import { Breadcrumbs, type Crumb } from '@/kit';
import { useTitle } from '../useTitle';
import styles from './Page.module.css';
import { PhoneMenuButton } from './PhoneMenuButton';

export interface PageProps {
  /** Where the page is; the last crumb is its title. */
  crumbs: Crumb[];
  /** Buttons at the right; the primary one last. */
  actions?: ReactNode;
  /** Rows between the top bar and the content: view tabs, filters. */
  toolbar?: ReactNode;
  children: ReactNode;
  /** The content brings its own scrolling and padding. */
  flush?: boolean;
  /** A phone offers a way to the page above. */
  back?: boolean;
}

/** Top bar and content of one page. */
export function Page({ crumbs, actions, toolbar, children, flush, back = true }: PageProps) {
  useTitle(crumbs.at(-1)?.label);
  // An entry of an app has the menu beside it; only what lies below an entry leads back to it.
  const inApp = useMatch('/w/:ws/a/:app/*');
  return (
    <>
      <header className={styles.bar}>
        <PhoneMenuButton />
        <Breadcrumbs items={crumbs} back={back && (!inApp || crumbs.length > 2)} />
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {toolbar}
      <div className={flush ? styles.flush : styles.content}>{children}</div>
    </>
  );
}
