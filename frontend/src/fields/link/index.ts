import { defineField } from '../define';
import { later } from '../later';
import { type LinkValue, linkId, linkTitle, readLink } from '../links-values';
import { Cell } from './Cell';

export default defineField<LinkValue>({
  type: 'link',
  icon: 'link',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('../LinkFilter')).LinkFilter),
  Cell,
  format: (value, _field, ctx) => linkTitle(value, ctx),
  parseText: (text, _field, ctx) => (text.trim() === '' ? null : readLink(text, ctx)),
  edit: (value, _field, ctx) => (linkId(value) ? linkTitle(value, ctx) : ''),
  empty: null,
  width: 180,
  span: 6,
});
