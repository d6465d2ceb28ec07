import { choiceText, readChoice } from '../choices';
import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<string>({
  type: 'select',
  icon: 'list',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('../ChoiceFilter')).ChoiceFilter),
  Cell,
  format: (value, field) => (value ? choiceText(field, value) : ''),
  parseText: (text, field) => (text.trim() === '' ? null : readChoice(text, field)),
  empty: null,
  width: 120,
  span: 4,
});
