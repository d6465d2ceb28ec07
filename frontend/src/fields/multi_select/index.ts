import { joinValues } from '@/locales/format';
import { choiceText, readChoices } from '../choices';
import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<string[]>({
  type: 'multi_select',
  icon: 'multi-select',
  Input: later(async () => (await import('./Input')).Input),
  Editor: later(async () => (await import('./Editor')).Editor),
  Filter: later(async () => (await import('../ChoiceFilter')).ChoiceFilter),
  Cell,
  format: (value, field) => joinValues((value ?? []).map((key) => choiceText(field, key))),
  parseText: (text, field) => readChoices(text, field, false),
  empty: null,
  width: 200,
  span: 6,
});
