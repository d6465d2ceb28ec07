import { defineField } from '../define';
import { later } from '../later';
import { htmlWords } from '../safe-html';
import { Cell } from './Cell';

export default defineField<string>({
  type: 'rich_text',
  icon: 'pen',
  Input: later(async () => (await import('./Input')).Input, 120),
  Cell,
  format: (value) => (value ? htmlWords(value) : ''),
  parseText: (text) => {
    const lines = text.trim();
    if (lines === '') return null;
    const escaped = lines.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    return escaped
      .split(/\n+/)
      .map((line) => `<p>${line}</p>`)
      .join('');
  },
  edit: (value) => (value ? htmlWords(value) : ''),
  empty: null,
  width: 280,
  span: 12,
});
