import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';
import { jsonText, readJson } from './values';

export default defineField({
  type: 'json',
  icon: 'json',
  Input: later(async () => (await import('./Input')).Input, 96),
  Cell,
  format: (value) => jsonText(value, false),
  edit: (value) => jsonText(value, false),
  parseText: readJson,
  empty: null,
  width: 200,
  span: 12,
});
