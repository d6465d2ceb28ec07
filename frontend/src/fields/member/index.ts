import { defineField } from '../define';
import { later } from '../later';
import { nameOf, readName } from '../people';
import { Cell } from './Cell';

export default defineField<string>({
  type: 'member',
  icon: 'user',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('./Filter')).Filter),
  Cell,
  format: (value, _field, ctx) => (value ? nameOf(value, ctx) : ''),
  parseText: (text, _field, ctx) => (text.trim() === '' ? null : readName(text, ctx)),
  empty: null,
  width: 128,
  span: 4,
});
