import { t } from '@/locales';
import type { SettingsProps } from '../define';
import { CardsChoice, FieldChoice, isChoiceField, isDateField } from '../shared/Settings';
import styles from './calendar.module.css';

/** Which dates place a record, and what it shows. */
export function CalendarSettings({ entity, config, onConfig }: SettingsProps) {
  return (
    <div className={styles.settings}>
      <FieldChoice
        required
        label={t('list.startField')}
        entity={entity}
        value={config.start}
        accept={isDateField}
        onChange={(start) => onConfig({ start })}
      />
      <FieldChoice
        label={t('list.endField')}
        entity={entity}
        value={config.end}
        accept={isDateField}
        onChange={(end) => onConfig({ end })}
      />
      <FieldChoice
        label={t('list.colorBy')}
        entity={entity}
        value={config.color_by}
        accept={isChoiceField}
        onChange={(color_by) => onConfig({ color_by })}
      />
      <CardsChoice entity={entity} value={config.cards} onChange={(cards) => onConfig({ cards })} />
    </div>
  );
}
