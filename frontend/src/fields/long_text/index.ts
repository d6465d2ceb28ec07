import { defineField } from '../define';
import { later } from '../later';
import { Cell } from '../text/Cell';
import { tidyText } from '../text-values';
import { Input } from './Input';

export default defineField<string>({
  type: 'long_text',
  icon: 'paragraph',
  Input,
  Editor: later(async () => (await import('../LinesEditor')).LinesEditor),
  Cell,
  format: (value) => value ?? '',
  parseText: (text) => tidyText(text, true),
  typed: true,
  empty: null,
  width: 280,
  span: 12,
});
