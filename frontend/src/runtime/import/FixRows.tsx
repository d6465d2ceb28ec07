import { useState } from 'react';
import type { ImportRefusal } from '@/api/types';
import { Button, TextInput } from '@/kit';
import { t } from '@/locales';
import { badCells, type Fixes, withFix } from './fixes';
import styles from './import.module.css';

/** Rows shown at once. */
const page = 30;

/** The rows that cannot come in, with their cells to be put right. */
export function FixRows({
  rows,
  columns,
  bad,
  tried,
  fixes,
  onFix,
  onEnter,
}: {
  rows: ImportRefusal[];
  /** Of the file, in its order. */
  columns: string[];
  /** How many there are; the server lists the first. */
  bad: number;
  /** What the check has seen already. */
  tried: Fixes;
  fixes: Fixes;
  onFix: (fixes: Fixes) => void;
  onEnter: () => void;
}) {
  const [shown, setShown] = useState(page);
  const [whole, setWhole] = useState<ReadonlySet<number>>(new Set());
  return (
    <div>
      <ul className={styles.bad} aria-label={t('transfer.bad')}>
        {rows.slice(0, shown).map((row) => {
          const { cells, others, more } = badCells(row, columns, whole.has(row.row));
          return (
            <li key={row.row} className={styles.badRow}>
              <div className={styles.badHead}>
                <span>{t('transfer.badRow', { n: row.row })}</span>
                {more && (
                  <Button size="sm" variant="plain" onClick={() => setWhole(new Set([...whole, row.row]))}>
                    {t('transfer.wholeRow')}
                  </Button>
                )}
              </div>
              <div className={styles.badCells}>
                {others.map((text) => (
                  <p key={text} className={styles.badText}>
                    {text}
                  </p>
                ))}
                {cells.map(({ column, text, error }) => {
                  const now = fixes[row.row]?.[column] ?? text;
                  return (
                    <TextInput
                      key={column}
                      size="sm"
                      label={column}
                      value={now}
                      error={now === text ? error : undefined}
                      onChange={(next) => {
                        const own = tried[row.row]?.[column] === undefined;
                        onFix(withFix(fixes, row.row, column, next, own ? text : undefined));
                      }}
                      onEnter={onEnter}
                    />
                  );
                })}
              </div>
            </li>
          );
        })}
      </ul>
      {rows.length > shown && (
        <Button size="sm" variant="plain" onClick={() => setShown(shown + page)}>
          {t('transfer.moreBad', { n: Math.min(page, rows.length - shown) })}
        </Button>
      )}
      {bad > rows.length && <p className={styles.quiet}>{t('transfer.unlisted', { n: bad - rows.length })}</p>}
    </div>
  );
}
