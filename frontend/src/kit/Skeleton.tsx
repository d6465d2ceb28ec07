import { type ReactNode, useEffect, useState } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import styles from './Skeleton.module.css';

/** A grey bar where text will be. */
export function Skeleton({
  width,
  height = 12,
  round,
  className,
}: {
  width?: number | string;
  height?: number | string;
  round?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cx(styles.bar, className)}
      style={{ width, height, borderRadius: round ? '50%' : undefined }}
      aria-hidden
    />
  );
}

/** Shows its content only when loading takes longer than 200 ms: quick answers do not flicker. */
export function Delayed({ children, after = 200 }: { children: ReactNode; after?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return (
    <div role="status" aria-label={t('common.loading')} className={styles.fill}>
      {shown ? children : null}
    </div>
  );
}

const widths = ['62%', '48%', '71%', '55%', '40%', '66%', '52%', '45%'];

export interface SkeletonColumn {
  width: number;
  align?: 'left' | 'right' | 'center';
  /** Nothing in it: it holds a place. */
  blank?: boolean;
  /** A line at its end. */
  edge?: boolean;
}

/** Rows of a list or table that is on its way; columns of known widths stand where the real ones will. */
export function SkeletonRows({
  rows = 8,
  columns = 4,
  rowHeight = 36,
  inset = 12,
}: {
  rows?: number;
  columns?: number | SkeletonColumn[];
  rowHeight?: number;
  /** Where the first column begins. */
  inset?: number;
}) {
  const cells: (SkeletonColumn | undefined)[] =
    typeof columns === 'number' ? Array.from({ length: columns }, () => undefined) : columns;
  return (
    <Delayed>
      {Array.from({ length: rows }, (_, r) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <div key={r} className={styles.row} style={{ height: rowHeight }}>
          <div className={styles.cells}>
            {cells.map((cell, c) => (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
                key={c}
                className={cx(styles.cell, cell?.align === 'right' && styles.right, cell?.edge && styles.edge)}
                style={{
                  ...(cell && { flex: 'none', width: cell.width }),
                  ...(c === 0 && { paddingLeft: inset }),
                }}
              >
                {!cell?.blank && <Skeleton width={widths[(r * 3 + c) % widths.length]} />}
              </div>
            ))}
          </div>
        </div>
      ))}
    </Delayed>
  );
}

/** The body of a table that is on its way, below its real head: a cell of each row is drawn around its bar. */
export function SkeletonBody({
  rows = 8,
  columns,
  cell,
}: {
  rows?: number;
  columns: number;
  cell: (column: number, width: string) => ReactNode;
}) {
  return (
    <tbody className={styles.body}>
      {Array.from({ length: rows }, (_, r) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <tr key={r}>
          {Array.from({ length: columns }, (_, c) => cell(c, widths[(r * 3 + c) % widths.length] as string))}
        </tr>
      ))}
    </tbody>
  );
}

/** Lines of text that are on their way. */
export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <Delayed>
      <div className={styles.lines}>
        {Array.from({ length: lines }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          <Skeleton key={i} width={widths[i % widths.length]} />
        ))}
      </div>
    </Delayed>
  );
}

/** Label and control pairs that are on their way. */
export function SkeletonForm({
  fields = 6,
  title,
  narrow,
  columns,
  help,
}: {
  fields?: number;
  title?: boolean;
  /** A part of a page with so many columns and its button at the end; else as many as fit. */
  columns?: 1 | 2;
  /** A line that explains, below the title or else the last field. */
  help?: boolean;
  /** One column with a hint and the button at its end, as before a workspace. */
  narrow?: boolean;
}) {
  return (
    <Delayed>
      {title && <Skeleton width={180} height={20} className={cx(styles.title, help && styles.explained)} />}
      {title && help && <Skeleton width="48%" className={styles.help} />}
      <div className={cx(styles.form, narrow && styles.narrow, columns && (columns === 1 ? styles.one : styles.two))}>
        {Array.from({ length: fields }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          <div key={i} className={styles.lines}>
            <Skeleton width={72} />
            <Skeleton width="100%" height="var(--control-h)" />
            {(narrow || (help && !title)) && i === fields - 1 && <Skeleton width={96} />}
          </div>
        ))}
        {narrow && <Skeleton width="100%" height={40} />}
      </div>
      {columns && <Skeleton width={64} height="var(--control-h)" className={styles.save} />}
    </Delayed>
  );
}

/** A record that is on its way: its title, then names above values. */
export function SkeletonRecord({ fields = 10 }: { fields?: number }) {
  return (
    <Delayed>
      <Skeleton width={200} height={24} className={styles.title} />
      <div className={styles.record}>
        {Array.from({ length: fields }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          <div key={i} className={styles.lines}>
            <Skeleton width={72} />
            <Skeleton width={widths[i % widths.length]} height={16} />
          </div>
        ))}
      </div>
    </Delayed>
  );
}

/** Cards that are on their way. */
export function SkeletonCards({
  cards = 6,
  height = 88,
  min = 240,
}: {
  cards?: number;
  height?: number;
  /** The least width of a card, as of the real ones. */
  min?: number;
}) {
  return (
    <Delayed>
      <div
        className={styles.cards}
        style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(${min}px, 100%), 1fr))` }}
      >
        {Array.from({ length: cards }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          <Skeleton key={i} height={height} className={styles.card} />
        ))}
      </div>
    </Delayed>
  );
}
