import type { RuntimeField, Sort } from '@/api/types';
import { fieldOf } from '@/fields';
import { IconButton, Segmented, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { allFields, findField } from '@/views/shared/system';
import styles from './list.module.css';
import { useListState } from './use-list';

const sortable = (f: RuntimeField) => !f.masked && f.traits.sortable !== false && !['rows', 'object'].includes(f.kind);

/** Up to five fields that order the records. */
export function SortPanel() {
  const { entity, query, setSort } = useListState();
  const { sort } = query;
  const used = new Set(sort.map((s) => findField(entity, s.field)?.id));
  const offer = (keep?: string) =>
    allFields(entity)
      .filter((f) => sortable(f) && (f.id === keep || !used.has(f.id)))
      .map((f) => ({ value: f.id, label: textOf(f.name), icon: fieldOf(f.type).icon }));
  const replace = (at: number, next: Sort) => setSort(sort.map((s, i) => (i === at ? next : s)));
  const move = (at: number, by: number) => {
    const next = [...sort];
    const [item] = next.splice(at, 1);
    if (item) next.splice(at + by, 0, item);
    setSort(next);
  };
  return (
    <div className={styles.panel}>
      {sort.length === 0 && <p className={styles.panelNone}>{t('list.noSort')}</p>}
      {sort.map((s, i) => {
        const field = findField(entity, s.field);
        if (!field) return null;
        const name = textOf(field.name);
        return (
          <div key={field.id} className={styles.panelRow}>
            <Select
              size="sm"
              aria-label={t('list.sort')}
              value={field.id}
              options={offer(field.id)}
              onChange={(id) => id && replace(i, { ...s, field: id })}
            />
            <Segmented
              size="sm"
              aria-label={t('list.sort')}
              value={s.desc ? 'desc' : 'asc'}
              onChange={(v) => replace(i, v === 'desc' ? { field: field.id, desc: true } : { field: field.id })}
              options={[
                { value: 'asc', label: t('list.asc') },
                { value: 'desc', label: t('list.desc') },
              ]}
            />
            {i > 0 && <IconButton size="sm" icon="arrow-up" label={t('list.moveUp')} onClick={() => move(i, -1)} />}
            <IconButton
              size="sm"
              icon="x"
              label={t('list.removeSort', { name })}
              onClick={() => setSort(sort.filter((_, at) => at !== i))}
            />
          </div>
        );
      })}
      {sort.length < 5 && (
        <Select
          size="sm"
          aria-label={t('list.addSort')}
          placeholder={t('list.addSort')}
          value={null}
          options={offer()}
          onChange={(id) => id && setSort([...sort, { field: id }])}
        />
      )}
    </div>
  );
}
