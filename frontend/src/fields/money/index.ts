import type { Numeric } from '@/locales/format';
import { defineField, isEmpty } from '../define';
import { decimal, moneyText, readNumber } from '../numbers';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<Numeric>({
  type: 'money',
  icon: 'money',
  Input,
  Cell,
  format: moneyText,
  edit: (value) => (isEmpty(value) ? '' : decimal(value as Numeric)),
  parseText: readNumber,
  empty: null,
  align: 'right',
  width: 128,
  span: 4,
});
