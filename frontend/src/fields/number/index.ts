import type { Numeric } from '@/locales/format';
import { defineField, isEmpty } from '../define';
import { decimal, numberText, readNumber } from '../numbers';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<Numeric>({
  type: 'number',
  icon: 'hash',
  Input,
  Cell,
  format: numberText,
  edit: (value) => (isEmpty(value) ? '' : decimal(value as Numeric)),
  parseText: readNumber,
  empty: null,
  align: 'right',
  width: 120,
  span: 4,
});
