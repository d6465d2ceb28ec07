import { t } from '@/locales';
import { checkPhone, dial, phoneText, readPhone } from '../contacts';
import { defineField } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<string>({
  type: 'phone',
  icon: 'phone',
  Input,
  Cell,
  format: phoneText,
  edit: (value) => value ?? '',
  parseText: readPhone,
  check: checkPhone,
  action: (value) => {
    const href = dial(value);
    return href ? { href, icon: 'phone', label: t('fields.call') } : null;
  },
  empty: null,
  width: 136,
  span: 4,
});
