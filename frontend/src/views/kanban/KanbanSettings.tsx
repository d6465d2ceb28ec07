import { t } from '@/locales';
import type { SettingsProps } from '../define';
import { CardsChoice, FieldChoice, isChoiceField, isColumnField, isNumberField } from '../shared/Settings';
import styles from './kanban.module.css';

/** What a board's columns and cards are made of. */
export function KanbanSettings({ entity, config, onConfig }: SettingsProps) {
  return (
    <div className={styles.settings}>
      <FieldChoice
        required
        label={t('list.kanbanGroup')}
        entity={entity}
        value={config.group_by}
        accept={isColumnField}
        onChange={(group_by) => onConfig({ group_by })}
      />
      <CardsChoice entity={entity} value={config.cards} onChange={(cards) => onConfig({ cards })} />
      <FieldChoice
        label={t('list.sumOf')}
        entity={entity}
        value={config.sum}
        accept={isNumberField}
        onChange={(sum) => onConfig({ sum })}
      />
      <FieldChoice
        label={t('list.colorBy')}
        entity={entity}
        value={config.color_by}
        accept={isChoiceField}
        onChange={(color_by) => onConfig({ color_by })}
      />
    </div>
  );
}
