import { Segmented } from '@/kit/Segmented';
import { t } from '@/locales';
import type { FilterProps } from '../define';

export function Filter({ value, onChange, 'aria-label': label }: FilterProps) {
  return (
    <Segmented
      size="sm"
      aria-label={label}
      value={value === true ? 'yes' : value === false ? 'no' : ''}
      onChange={(next) => onChange(next === 'yes')}
      options={[
        { value: 'yes', label: t('common.yes') },
        { value: 'no', label: t('common.no') },
      ]}
    />
  );
}
