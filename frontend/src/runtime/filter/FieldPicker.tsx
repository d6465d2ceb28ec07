import { useMemo } from 'react';
import { fieldOf } from '@/fields';
import { Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type PathOption, pathsOf, type Scope } from './condition';
import { pathText } from './words';

export interface FieldPickerProps {
  value: string;
  onChange: (path: string) => void;
  scope: Scope;
  /** Only fields for which it holds. */
  accept?: (option: PathOption) => boolean;
  'aria-label'?: string;
}

/** A field of the record, or one a link away. */
export function FieldPicker({ value, onChange, scope, accept, 'aria-label': label }: FieldPickerProps) {
  const options = useMemo(
    () =>
      pathsOf(scope)
        .filter((o) => accept?.(o) ?? true)
        .map((o) => ({
          value: o.path,
          label: o.via || o.other ? pathText(o.path, scope) : textOf(o.field.name),
          icon: fieldOf(o.field.type).icon,
          keywords: o.path,
          group: o.via
            ? t('filter.via', { link: textOf(o.via.name) })
            : o.other
              ? t('filter.other', { name: o.other.label })
              : t('filter.own'),
        })),
    [scope, accept],
  );
  const grouped = options.some((o) => o.group !== t('filter.own'));
  return (
    <Select
      size="sm"
      aria-label={label ?? t('filter.field')}
      placeholder={t('filter.chooseField')}
      value={value || null}
      options={grouped ? options : options.map((o) => ({ ...o, group: undefined }))}
      onChange={(path) => path && onChange(path)}
      dropdownWidth={260}
    />
  );
}
