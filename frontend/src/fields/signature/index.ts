import type { StoredFile } from '@/api/types';
import { t } from '@/locales';
import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';

export default defineField<StoredFile>({
  type: 'signature',
  icon: 'signature',
  Input: later(async () => (await import('./Input')).Input, 140),
  Cell,
  format: (value) => (value ? t('fields.signed') : ''),
  empty: null,
  width: 112,
  span: 6,
});
