import type { RuntimeField } from '@/api/types';
import type { FrameProps } from '@/kit/FieldFrame';
import { MultiSelect } from '@/kit/Select';
import { t } from '@/locales';
import { offered } from '../choices';
import { option } from '../define';

export interface TagPickerProps extends FrameProps {
  value: string[];
  onChange: (tags: string[]) => void;
  field: RuntimeField;
  disabled?: boolean;
  size?: 'sm' | 'md';
  placeholder?: string;
  id?: string;
  'aria-label'?: string;
  bare?: boolean;
  autoOpen?: boolean;
  initialSearch?: string;
  onClose?: () => void;
}

/** Common tags to choose from, and new ones typed where the field allows them. */
export function TagPicker({ value, onChange, field, ...rest }: TagPickerProps) {
  const known = offered(field, value);
  const own = value
    .filter((tag) => !known.some((o) => o.value === tag))
    .map((tag) => ({ value: tag, label: tag, hue: 'gray' }));
  return (
    <MultiSelect
      {...rest}
      options={[...known, ...own]}
      value={value}
      onChange={onChange}
      onCreate={
        option(field, 'free', true)
          ? (text) => {
              const tag = text.normalize('NFKC').trim().slice(0, 50);
              if (tag && !value.includes(tag)) onChange([...value, tag]);
            }
          : undefined
      }
      createLabel={(text) => t('fields.newTag', { name: text })}
      empty={t('fields.typeTag')}
    />
  );
}
