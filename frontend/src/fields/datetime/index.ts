import { civilDate, formatDateTime, instantToWall, timeZone } from '@/locales/format';
import { readDateTime } from '../dates';
import { defineField, option } from '../define';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<string>({
  type: 'datetime',
  icon: 'clock',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Cell,
  format: (value, field) => formatDateTime(value, option(field, 'precision', 'minute')),
  edit: (value, field) =>
    value ? instantToWall(value).slice(0, option<string>(field, 'precision', 'minute') === 'second' ? 19 : 16) : '',
  // Typed times mean the clock that the reader sees.
  parseText: (text) => (text.trim() === '' ? null : readDateTime(text, civilDate(new Date()), timeZone())),
  typed: true,
  empty: null,
  width: 160,
  span: 6,
});
