import { t } from '@/locales';
import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';
import type { Row } from './rows';

export default defineField<Row[]>({
  type: 'subform',
  icon: 'subform',
  Input: later(async () => (await import('./Input')).Input, 108),
  Cell,
  format: (value) => (value && value.length > 0 ? t('fields.rows', { n: value.length }) : ''),
  empty: null,
  width: 96,
  span: 12,
});
