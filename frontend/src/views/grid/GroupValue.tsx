import { type FieldContext, fieldOf } from '@/fields';
import { t } from '@/locales';
import styles from './grid.module.css';
import type { GroupNode } from './rows';

/** What the records of a group share, as its field shows it. */
export function GroupValue({ group, ctx }: { group: GroupNode; ctx: FieldContext }) {
  const { field } = group;
  if (group.value === null || group.value === undefined)
    return <span className={styles.quiet}>{t('grid.blankGroup')}</span>;
  // A moment is grouped by its day.
  const shown = field.kind === 'time' ? { ...field, type: 'date', kind: 'date' } : field;
  const { Cell } = fieldOf(shown.type);
  const value = field.kind === 'list' ? [group.value] : group.value;
  return <Cell value={value as never} field={shown} ctx={ctx} variant="grid" />;
}
