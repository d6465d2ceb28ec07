import { defineField } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'serial',
  icon: 'serial',
  Input,
  Cell,
  format: (value) => value ?? '',
  empty: null,
  width: 136,
  span: 4,
});
