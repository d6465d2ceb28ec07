import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';
import { type Address, addressText } from './values';

export default defineField<Address>({
  type: 'address',
  icon: 'address',
  Input: later(async () => (await import('./Input')).Input, 72),
  Cell,
  format: addressText,
  // The server splits a whole address into its parts.
  parseText: (text) => (text.trim() === '' ? null : (text.trim() as unknown as Address)),
  empty: null,
  width: 220,
  span: 12,
});
