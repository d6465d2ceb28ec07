import { parseNumber } from '@/kit/number';
import type { Numeric } from '@/locales/format';
import { defineField, option } from '../define';
import { Cell } from './Cell';
import { Input } from './Input';

export default defineField<Numeric>({
  type: 'rating',
  icon: 'rating',
  Input,
  Cell,
  format: (value) => (value === null || value === undefined ? '' : String(value)),
  parseText: (text, field) => {
    const stars = /^[★☆]+$/.test(text.trim()) ? String(text.split('★').length - 1) : parseNumber(text);
    if (stars === null || stars === undefined) return stars;
    const score = Number(stars);
    return Number.isInteger(score) && score >= 1 && score <= option(field, 'max', 5) ? score : undefined;
  },
  empty: null,
  width: 128,
  span: 4,
});
