import { joinValues } from '@/locales/format';
import { defineField } from '../define';
import { later } from '../later';
import { nameOf, readNames } from '../people';
import { Cell } from './Cell';

export default defineField<string[]>({
  type: 'members',
  icon: 'users',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('./Filter')).Filter),
  Cell,
  format: (value, _field, ctx) => joinValues((value ?? []).map((id) => nameOf(id, ctx)).filter(Boolean)),
  parseText: (text, _field, ctx) => readNames(text, ctx),
  empty: null,
  width: 200,
  span: 6,
});
