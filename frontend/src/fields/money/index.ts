import { formatMoney, type Numeric } from '@/locales/format';
import { defineField, isEmpty, option } from '../define';
import { decimal, moneyText, readNumber } from '../numbers';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<Numeric>({
  type: 'money',
  icon: 'money',
  Input,
  Cell,
  format: moneyText,
  short: (value, field) =>
    /^-?\d+(\.0+)?$/.test(String(value)) ? formatMoney(value, option(field, 'currency', 'CNY'), 0) : undefined,
  speaks: true,
  edit: (value) => (isEmpty(value) ? '' : decimal(value as Numeric)),
  parseText: readNumber,
  empty: null,
  align: 'right',
  width: 128,
  span: 4,
});
