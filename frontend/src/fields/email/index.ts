import { checkEmail, readLine } from '../contacts';
import { defineField } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'email',
  icon: 'mail',
  Input,
  Cell,
  format: (value) => value ?? '',
  parseText: readLine,
  check: checkEmail,
  empty: null,
  width: 200,
  span: 6,
});
