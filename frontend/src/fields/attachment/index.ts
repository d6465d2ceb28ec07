import type { StoredFile } from '@/api/types';
import { joinValues } from '@/locales/format';
import { defineField } from '../define';
import { filesOf } from '../files';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<StoredFile[]>({
  type: 'attachment',
  icon: 'file',
  Input: later(async () => (await import('./Input')).Input, 40),
  Cell,
  format: (value) => joinValues(filesOf(value).map((file) => file.name)),
  empty: null,
  width: 144,
  span: 12,
});
