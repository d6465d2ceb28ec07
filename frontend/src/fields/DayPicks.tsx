import type { RuntimeField } from '@/api/types';
import { t } from '@/locales';
import { civilDate, formatDate } from '@/locales/format';
import { quickDays } from './dates';
import styles from './inputs.module.css';

/** Days near today, each filled in by one tap. */
export function DayPicks({
  field,
  day,
  disabled,
  onPick,
}: {
  field: RuntimeField;
  /** The day that is filled in. */
  day: string | null;
  disabled?: boolean;
  onPick: (day: string) => void;
}) {
  const days = quickDays(field.options?.picks, civilDate(new Date()));
  if (days.length === 0) return null;
  return (
    <div className={styles.pills}>
      {days.map((one) => (
        <button
          key={one.key}
          type="button"
          className={styles.pill}
          title={formatDate(one.day)}
          aria-pressed={one.day === day}
          disabled={disabled}
          onClick={() => onPick(one.day)}
        >
          {t(`common.${one.key}`)}
        </button>
      ))}
    </div>
  );
}
