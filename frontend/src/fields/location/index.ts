import { defineField } from '../define';
import { later } from '../later';
import { Cell } from './Cell';
import { type Place, placeText, readPlace } from './values';

export default defineField<Place>({
  type: 'location',
  icon: 'location',
  Input: later(async () => (await import('./Input')).Input),
  Cell,
  format: placeText,
  edit: (value) => (value ? `${value.lng}, ${value.lat}` : ''),
  parseText: (text) => (text.trim() === '' ? null : readPlace(text)),
  empty: null,
  width: 180,
  span: 6,
});
