import '@mantine/core/styles/ActionIcon.layer.css';
import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/zh-cn';
import { DateInput as Base, DatePicker, DatesProvider, DateTimePicker, TimePicker } from '@mantine/dates';
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat';
import type { ReactNode } from 'react';
import { locale, t } from '@/locales';
import { instantToWall, wallToInstant } from '@/locales/format';
import { cx } from './cx';
import styles from './DateInput.module.css';
import { FieldFrame, type FrameProps } from './FieldFrame';
import { Icon } from './Icon';
import { MantineScope } from './MantineScope';
import { tidyNumber } from './number';

dayjs.extend(customParseFormat);

interface Shared extends FrameProps {
  value: string | null;
  onChange: (value: string | null) => void;
  size?: 'sm' | 'md';
  disabled?: boolean;
  clearable?: boolean;
  placeholder?: string;
  id?: string;
  'aria-label'?: string;
  min?: string;
  max?: string;
}

/** Month and weekday names of the current language. */
export function Dates({ children }: { children: ReactNode }) {
  return (
    <MantineScope>
      <DatesProvider
        settings={{ locale: locale() === 'zh-CN' ? 'zh-cn' : 'en', firstDayOfWeek: 1, weekendDays: [0, 6] }}
      >
        {children}
      </DatesProvider>
    </MantineScope>
  );
}

const dateFormat = () => (locale() === 'zh-CN' ? 'YYYY-MM-DD' : 'MMM D, YYYY');

/** A date from what people type: 2026-11-25, 20261125, 11/25, 11.25. */
export function parseDate(text: string, today: string): string | null {
  const clean = tidyNumber(text.replace(/[\u5e74\u6708./]/g, '-').replace(/\u65e5/g, ''));
  const full = /^(\d{4})-?(\d{1,2})-?(\d{1,2})$/.exec(clean);
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(clean);
  const parts = full ? [full[1], full[2], full[3]] : short ? [today.slice(0, 4), short[1], short[2]] : null;
  if (parts) {
    const day = `${parts[0]}-${parts[1]?.padStart(2, '0')}-${parts[2]?.padStart(2, '0')}`;
    const at = new Date(`${day}T00:00:00Z`);
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day ? day : null;
  }
  const words = dayjs(text, ['MMM D, YYYY', 'MMM D YYYY', 'D MMM YYYY'], 'en', true);
  return words.isValid() ? words.format('YYYY-MM-DD') : null;
}

const classNames = {
  input: styles.input,
  wrapper: styles.wrapper,
  section: styles.section,
  day: styles.day,
  weekday: styles.weekday,
  calendarHeaderControl: styles.head,
  calendarHeaderLevel: styles.head,
  monthsListControl: styles.cell,
  yearsListControl: styles.cell,
};

const popover = {
  zIndex: 'var(--z-pop)' as const,
  transitionProps: { duration: 0 },
  offset: 4,
  classNames: { dropdown: styles.dropdown },
};

/** A civil date, "2026-11-25"; typed or picked. */
export function DateInput({
  value,
  onChange,
  size = 'md',
  disabled,
  clearable = true,
  placeholder,
  min,
  max,
  'aria-label': ariaLabel,
  ...frame
}: Shared) {
  return (
    <FieldFrame {...frame}>
      {(ids) => (
        <Dates>
          <Base
            {...ids}
            aria-label={ariaLabel}
            aria-invalid={ids['aria-invalid']}
            value={value}
            onChange={(next) => onChange(next ?? null)}
            valueFormat={dateFormat()}
            dateParser={(text) => parseDate(text, dayjs().format('YYYY-MM-DD'))}
            minDate={min}
            maxDate={max}
            disabled={disabled}
            clearable={clearable}
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            error={!!frame.error}
            placeholder={placeholder ?? t('common.chooseDate')}
            leftSection={<Icon name="calendar" />}
            leftSectionPointerEvents="none"
            classNames={{ ...classNames, input: cx(styles.input, size === 'sm' && styles.sm) }}
            popoverProps={popover}
            monthLabelFormat={t('common.monthFormat')}
            highlightToday
          />
        </Dates>
      )}
    </FieldFrame>
  );
}

/** An instant (RFC 3339), shown and picked in the reader's zone. */
export function DateTimeInput({
  value,
  onChange,
  size = 'md',
  disabled,
  clearable = true,
  placeholder,
  min,
  max,
  withSeconds,
  'aria-label': ariaLabel,
  ...frame
}: Shared & { withSeconds?: boolean }) {
  return (
    <FieldFrame {...frame}>
      {(ids) => (
        <Dates>
          <DateTimePicker
            {...ids}
            aria-label={ariaLabel}
            value={value ? instantToWall(value) : null}
            onChange={(next) => onChange(next ? wallToInstant(next) : null)}
            submitButtonProps={{ variant: 'default', 'aria-label': t('common.done') }}
            timePickerProps={{
              classNames: { input: cx(styles.input, styles.time), wrapper: styles.wrapper, section: styles.section },
            }}
            valueFormat={`${dateFormat()} ${withSeconds ? 'HH:mm:ss' : 'HH:mm'}`}
            withSeconds={withSeconds}
            minDate={min ? instantToWall(min) : undefined}
            maxDate={max ? instantToWall(max) : undefined}
            disabled={disabled}
            clearable={clearable}
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            error={!!frame.error}
            placeholder={placeholder ?? t('common.chooseTime')}
            leftSection={<Icon name="clock" />}
            leftSectionPointerEvents="none"
            classNames={{ ...classNames, input: cx(styles.input, size === 'sm' && styles.sm) }}
            popoverProps={popover}
            monthLabelFormat={t('common.monthFormat')}
            highlightToday
          />
        </Dates>
      )}
    </FieldFrame>
  );
}

/** A time of day, "09:30". */
export function TimeInput({
  value,
  onChange,
  size = 'md',
  disabled,
  clearable = true,
  'aria-label': ariaLabel,
  ...frame
}: Omit<Shared, 'placeholder'>) {
  return (
    <FieldFrame {...frame} group="group">
      {(ids) => (
        <MantineScope>
          <TimePicker
            hoursInputLabel={[ariaLabel, t('common.hours')].filter(Boolean).join(' ')}
            minutesInputLabel={[ariaLabel, t('common.minutes')].filter(Boolean).join(' ')}
            aria-invalid={ids['aria-invalid']}
            value={value ?? ''}
            onChange={(next) => onChange(next || null)}
            disabled={disabled}
            clearable={clearable}
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            error={!!frame.error}
            classNames={{
              input: cx(styles.input, styles.time, size === 'sm' && styles.sm),
              wrapper: styles.wrapper,
              section: styles.section,
            }}
          />
        </MantineScope>
      )}
    </FieldFrame>
  );
}

/** A month to pick a day from, in place. */
export function Calendar({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  return (
    <Dates>
      <DatePicker
        value={value}
        onChange={(next) => onChange(next)}
        monthLabelFormat={t('common.monthFormat')}
        highlightToday
        classNames={{
          day: styles.day,
          weekday: styles.weekday,
          calendarHeaderControl: styles.head,
          calendarHeaderLevel: styles.head,
          monthsListControl: styles.cell,
          yearsListControl: styles.cell,
        }}
      />
    </Dates>
  );
}

/** A span of days to pick, in place. */
export function RangeCalendar({
  value,
  onChange,
}: {
  value: [string | null, string | null];
  onChange: (value: [string | null, string | null]) => void;
}) {
  return (
    <Dates>
      <DatePicker
        type="range"
        value={value}
        onChange={onChange}
        monthLabelFormat={t('common.monthFormat')}
        highlightToday
        allowSingleDateInRange
        classNames={{
          day: styles.day,
          weekday: styles.weekday,
          calendarHeaderControl: styles.head,
          calendarHeaderLevel: styles.head,
        }}
      />
    </Dates>
  );
}
