import { describe, expect, it } from 'vitest';
import type { MenuItem } from '@/api/types';
import { inShortMenu, moveItem, nudgeItem, removeItem, setInShortMenu } from './tree';

const menu: MenuItem[] = [
  { id: 'a', name: 'a', entity: 'e' },
  { id: 'g', name: 'g', items: [{ id: 'b', name: 'b', url: 'x' }] },
  { id: 'h', name: 'h', items: [] },
];
const show = (items: MenuItem[]): string => items.map((i) => (i.items ? `${i.id}(${show(i.items)})` : i.id)).join(' ');

describe('menu', () => {
  it('moves entries into groups, but no group into another', () => {
    expect(show(moveItem(menu, 'a', { group: 'g', index: 1 }))).toBe('g(b a) h()');
    expect(moveItem(menu, 'h', { group: 'g', index: 0 })).toBe(menu);
    expect(moveItem(menu, 'g', { group: 'g', index: 0 })).toBe(menu);
  });

  it('walks by the keyboard', () => {
    let now = menu;
    const seen: string[] = [];
    for (let i = 0; i < 5; i++) {
      now = nudgeItem(now, 'a', 1);
      seen.push(show(now));
    }
    expect(seen).toEqual(['g(a b) h()', 'g(b a) h()', 'g(b) a h()', 'g(b) h(a)', 'g(b) h() a']);
    for (let i = 0; i < 5; i++) now = nudgeItem(now, 'a', -1);
    expect(show(now)).toBe(show(menu));
  });

  it('dissolves a group into its entries', () => {
    expect(show(removeItem(menu, 'g'))).toBe('a b h()');
  });

  it('takes entries into the short menu and out of it, also in a group that is left out', () => {
    const app = {
      menu: [
        { id: 'a', name: 'a', entity: 'e', advanced: true },
        {
          id: 'g',
          name: 'g',
          advanced: true,
          items: [
            { id: 'b', name: 'b', url: 'x' },
            { id: 'c', name: 'c', url: 'x', advanced: true },
          ],
        },
        { id: 'd', name: 'd', url: 'x' },
      ],
      light_menu: ['c'],
    } as { menu: MenuItem[]; light_menu: string[] };
    const shown = (of: typeof app) => ['a', 'g', 'b', 'c', 'd'].filter((id) => inShortMenu(of, id)).join('');
    expect(shown(app)).toBe('cd');
    const on = setInShortMenu(setInShortMenu(app, 'a', true), 'b', true);
    expect(shown(on)).toBe('abcd');
    expect(on.light_menu).toEqual(['c', 'b']);
    const off = ['a', 'b', 'c', 'd'].reduce((now, id) => setInShortMenu(now, id, false), on);
    expect(shown(off)).toBe('');
    expect(off.light_menu).toEqual([]);
    expect(shown(setInShortMenu(off, 'd', true))).toBe('d');
  });
});
