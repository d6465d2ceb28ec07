import { shiftDecimal } from '@/kit/number';
import type { Numeric } from '@/locales/format';
import { defineField, isEmpty } from '../define';
import { decimal, percentText, readPercent } from '../numbers';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<Numeric>({
  type: 'percent',
  icon: 'percent',
  Input,
  Cell,
  format: percentText,
  edit: (value) => (isEmpty(value) ? '' : `${shiftDecimal(decimal(value as Numeric), 2)}%`),
  parseText: readPercent,
  empty: null,
  align: 'right',
  width: 96,
  span: 4,
});
