import { useState } from 'react';
import type { RuntimeField } from '@/api/types';
import { type FieldContext, isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { type LinkValue, linkIds } from '@/fields/links-values';
import type { Row } from '@/fields/subform/rows';
import { Icon } from '@/kit/Icon';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type RowChange, rowChanges } from './row-changes';
import styles from './Timeline.module.css';

const firstRows = 3;

/** What a change did to the rows of a sub-form, row by row. */
export function RowChanges({
  field,
  before,
  after,
  ctx,
}: {
  field: RuntimeField;
  before: Row[];
  after: Row[];
  ctx: FieldContext;
}) {
  const [all, setAll] = useState(false);
  const changes = rowChanges(field, before, after);
  if (changes.length === 0) return <span className={styles.quiet}>{t('record.rowsMoved')}</span>;
  return (
    <ul className={styles.rows}>
      {(all ? changes : changes.slice(0, firstRows)).map((change) => (
        <li key={`${change.what} ${change.number}`}>
          <span className={styles.quiet}>{t(`record.row.${change.what}`, { n: change.number })}</span>
          {change.columns.map((one) => (
            <Column key={one.column.id} one={one} ctx={ctx} />
          ))}
        </li>
      ))}
      {!all && changes.length > firstRows && (
        <li>
          <button type="button" className={styles.more} onClick={() => setAll(true)}>
            {t('record.showAll', { n: changes.length })}
          </button>
        </li>
      )}
    </ul>
  );
}

function Column({ one, ctx }: { one: RowChange['columns'][number]; ctx: FieldContext }) {
  const { column } = one;
  const name = textOf(column.name);
  const { holds_ref, holds_member, holds_department } = column.traits;
  const byName = holds_ref || holds_member || holds_department;
  // Names of what was chosen before may not be at hand.
  const named = (value: unknown) =>
    !byName || linkIds([value].flat() as LinkValue[]).every((id) => ctx.names[id] !== undefined);
  if (!named(one.before) || !named(one.after)) return <span>{t('record.changedOne', { name })}</span>;
  const words = (value: unknown) =>
    isEmpty(value) ? t('record.nothing') : fieldOf(column.type).format(value, column, ctx);
  return (
    <span>
      {name} <span className={styles.quiet}>{words(one.before)}</span>{' '}
      <Icon name="arrow-right" size={14} className={styles.arrow} /> {words(one.after)}
    </span>
  );
}
