import { defineField } from '../define';
import { tidyText } from '../text-values';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'text',
  icon: 'text',
  Input,
  Cell,
  format: (value) => value ?? '',
  parseText: (text, field) => tidyText(text, field.options?.multiline === true),
  empty: null,
  width: 200,
  span: 6,
});
