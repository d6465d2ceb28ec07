import { fieldOf } from '@/fields';
import { IconButton, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { allFields, findField } from '@/views/shared/system';
import styles from './list.module.css';
import { useListState } from './use-list';

/** Up to three fields whose equal values stand together. */
export function GroupPanel() {
  const { entity, config, setConfig } = useListState();
  const groups = (config.group ?? []).filter((id) => findField(entity, id));
  const offer = (keep?: string) =>
    allFields(entity)
      .filter(
        (f) =>
          f.traits.groupable !== false &&
          !f.masked &&
          !f.traits.holds_file &&
          !['rows', 'object'].includes(f.kind) &&
          (f.id === keep || !groups.includes(f.id)),
      )
      .map((f) => ({ value: f.id, label: textOf(f.name), icon: fieldOf(f.type).icon }));
  const set = (next: string[]) => setConfig({ group: next });
  return (
    <div className={styles.panel}>
      {groups.length === 0 && <p className={styles.panelNone}>{t('list.noGroupHelp')}</p>}
      {groups.map((id, i) => (
        <div key={id} className={styles.panelRow}>
          <Select
            size="sm"
            aria-label={t('list.groupBy')}
            value={id}
            options={offer(id)}
            onChange={(next) => next && set(groups.map((g, at) => (at === i ? next : g)))}
          />
          {i > 0 && (
            <IconButton
              size="sm"
              icon="arrow-up"
              label={t('list.moveUp')}
              onClick={() => set(groups.map((g, at) => (at === i - 1 ? id : at === i ? (groups[i - 1] as string) : g)))}
            />
          )}
          <IconButton
            size="sm"
            icon="x"
            label={t('list.removeGroup', { name: textOf(findField(entity, id)?.name) })}
            onClick={() => set(groups.filter((g) => g !== id))}
          />
        </div>
      ))}
      {groups.length < 3 && (
        <Select
          size="sm"
          aria-label={t('list.addGroup')}
          placeholder={t('list.addGroup')}
          value={null}
          options={offer()}
          onChange={(id) => id && set([...groups, id])}
        />
      )}
    </div>
  );
}
