import { type KeyboardEvent, useId } from 'react';
import { cx } from './cx';
import { Icon, type IconProps } from './Icon';
import styles from './Tabs.module.css';

export interface TabItem<V extends string> {
  value: V;
  label: string;
  icon?: IconProps['name'];
  count?: number;
  /** Has something to look at, e.g. a fault. */
  dot?: boolean;
}

export interface TabsProps<V extends string> {
  tabs: TabItem<V>[];
  value: V;
  onChange: (value: V) => void;
  'aria-label': string;
  /** line: an underline, for pages and panels; pill: for views over a list. */
  variant?: 'line' | 'pill';
  /** Id prefix of the panels: `${id}-panel-${value}`. */
  id?: string;
  className?: string;
}

/** A row of tabs; arrow keys move between them. The caller renders the panel. */
export function Tabs<V extends string>({
  tabs,
  value,
  onChange,
  variant = 'line',
  id: given,
  className,
  ...aria
}: TabsProps<V>) {
  const made = useId();
  const id = given ?? made;
  function move(e: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.value === value);
    const to =
      e.key === 'ArrowRight'
        ? at + 1
        : e.key === 'ArrowLeft'
          ? at - 1
          : e.key === 'Home'
            ? 0
            : e.key === 'End'
              ? tabs.length - 1
              : null;
    if (to === null) return;
    e.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    document.getElementById(`${id}-${next.value}`)?.focus();
  }
  return (
    <div
      role="tablist"
      className={cx(styles.list, variant === 'pill' && styles.pill, className)}
      onKeyDown={move}
      {...aria}
    >
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-${tab.value}`}
          aria-selected={tab.value === value}
          aria-controls={given ? `${id}-panel-${tab.value}` : undefined}
          tabIndex={tab.value === value ? 0 : -1}
          className={styles.tab}
          onClick={() => onChange(tab.value)}
        >
          {tab.icon && <Icon name={tab.icon} />}
          <span>{tab.label}</span>
          {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          {tab.dot && <span className={styles.dot} />}
        </button>
      ))}
    </div>
  );
}
