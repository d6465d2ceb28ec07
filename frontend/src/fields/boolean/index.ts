import { t } from '@/locales';
import { defineField } from '../define';
import { later } from '../later';
import { readBoolean } from '../text-values';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<boolean>({
  type: 'boolean',
  icon: 'boolean',
  Input,
  Cell,
  Filter: later(async () => (await import('./Filter')).Filter),
  format: (value) => (value === null || value === undefined ? '' : value ? t('common.yes') : t('common.no')),
  parseText: readBoolean,
  toggle: (value) => !value,
  empty: null,
  align: 'center',
  width: 88,
  span: 4,
});
