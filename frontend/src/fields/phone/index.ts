import { checkPhone, phoneText, readPhone } from '../contacts';
import { defineField } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'phone',
  icon: 'phone',
  Input,
  Cell,
  format: phoneText,
  edit: (value) => value ?? '',
  parseText: readPhone,
  check: checkPhone,
  empty: null,
  width: 136,
  span: 4,
});
