import { civilDate, formatDate } from '@/locales/format';
import { readDate } from '../dates';
import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<string>({
  type: 'date',
  icon: 'calendar',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Cell,
  format: (value) => formatDate(value),
  edit: (value) => value ?? '',
  parseText: (text, _field, ctx) => (text.trim() === '' ? null : readDate(text, civilDate(new Date(), ctx.zone))),
  typed: true,
  empty: null,
  width: 120,
  span: 4,
});
