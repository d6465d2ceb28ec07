import { checkUrl, readLine } from '../contacts';
import { defineField } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'url',
  icon: 'globe',
  Input,
  Cell,
  format: (value) => value ?? '',
  parseText: readLine,
  check: checkUrl,
  empty: null,
  width: 200,
  span: 6,
});
