import { defineField } from '../define';
import { later } from '../later';
import { type LinkValue, linkIds, linkTitle } from '../links-values';
import { readNames } from '../people';
import { Cell } from './Cell';

export default defineField<LinkValue[]>({
  type: 'links',
  icon: 'link-many',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('../LinkFilter')).LinkFilter),
  Cell,
  format: (value, _field, ctx) => (value ?? []).map((one) => linkTitle(one, ctx)).join('、'),
  parseText: (text, _field, ctx) => readNames(text, ctx),
  edit: (value, _field, ctx) =>
    linkIds(value).length > 0 ? (value ?? []).map((one) => linkTitle(one, ctx)).join('、') : '',
  empty: null,
  width: 220,
  span: 6,
});
