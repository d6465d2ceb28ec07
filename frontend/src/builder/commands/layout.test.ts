import { describe, expect, it } from 'vitest';
import type { LayoutNode } from '@/api/types';
import { eachNode, insert, listAt, move, nudge, place, remove, resize, rowsOf, unwrap, wrap } from './layout';

const f = (field: string, width?: number): LayoutNode => ({ type: 'field', field, ...(width ? { width } : {}) });
const layout: LayoutNode[] = [
  f('a', 6),
  f('b', 6),
  { type: 'section', title: 'S', items: [f('c'), f('d', 6), f('e', 6)] },
  {
    type: 'tabs',
    tabs: [
      { title: '1', items: [f('g')] },
      { title: '2', items: [] },
    ],
  },
];

/** The layout as a short text: a b S(c d e) T(g | ). */
function show(list: LayoutNode[]): string {
  return list
    .map((n) =>
      n.field
        ? n.field
        : n.type === 'section'
          ? `S(${show(n.items ?? [])})`
          : n.type === 'tabs'
            ? `T(${n.tabs?.map((t) => show(t.items)).join('|')})`
            : n.type,
    )
    .join(' ');
}

describe('layout', () => {
  it('moves nodes between lists and says where they are now', () => {
    const moved = move(layout, ['0', '2.items.1'], { list: '3.tabs.1.items', index: 0 });
    expect(show(moved.layout)).toBe('b S(c e) T(g|a d)');
    expect(moved.paths).toEqual(['2.tabs.1.items.0', '2.tabs.1.items.1']);
  });

  it('moves forwards within one list', () => {
    expect(show(move(layout, ['0'], { list: '', index: 3 }).layout)).toBe('b S(c d e) a T(g|)');
  });

  it('does not move a section into itself or into another', () => {
    expect(move(layout, ['2'], { list: '2.items', index: 0 }).layout).toBe(layout);
    const two = insert(layout, { list: '', index: 0 }, [{ type: 'section', items: [] }]).layout;
    expect(move(two, ['0'], { list: '3.items', index: 0 }).layout).toBe(two);
    expect(show(move(two, ['0'], { list: '4.tabs.1.items', index: 0 }).layout)).toBe('a b S(c d e) T(g|S())');
  });

  it('shares a row when something is put beside a field', () => {
    const next = place(layout, { nodes: [f('x')] }, '1', 'right');
    expect(show(next.layout)).toBe('a b x S(c d e) T(g|)');
    expect(next.layout.slice(0, 3).map((n) => n.width)).toEqual([4, 4, 4]);
    expect(next.paths).toEqual(['2']);
    const below = place(layout, { nodes: [f('x')] }, '0', 'bottom');
    expect(show(below.layout)).toBe('a b x S(c d e) T(g|)');
    expect(below.layout[0]?.width).toBe(6);
  });

  it('splits a full row in two', () => {
    const next = place(layout, { paths: ['0'] }, '2.items.0', 'left');
    expect(listAt(next.layout, '1.items')?.slice(0, 2)).toEqual([f('a', 6), f('c', 6)]);
  });

  it('breaks rows where twelve columns are full', () => {
    expect(rowsOf([f('a', 6), f('b', 6), f('c', 8), f('d', 6), f('e')])).toEqual([[0, 1], [2], [3], [4]]);
  });

  it('wraps a selection and dissolves it again', () => {
    const wrapped = wrap(layout, ['0', '1'], { type: 'section', title: 'N' });
    expect(show(wrapped.layout)).toBe('S(a b) S(c d e) T(g|)');
    expect(show(unwrap(wrapped.layout, '0').layout)).toBe(show(layout));
  });

  it('walks up and down with the keyboard, in and out of sections', () => {
    let now = move(layout, [], { list: '', index: 0 });
    now = { layout, paths: ['1'] };
    const seen: string[] = [];
    for (let i = 0; i < 8; i++) {
      now = nudge(now.layout, now.paths, 1);
      seen.push(show(now.layout));
    }
    expect(seen).toEqual([
      'a S(b c d e) T(g|)',
      'a S(c b d e) T(g|)',
      'a S(c d b e) T(g|)',
      'a S(c d e b) T(g|)',
      'a S(c d e) b T(g|)',
      'a S(c d e) T(b g|)',
      'a S(c d e) T(g b|)',
      'a S(c d e) T(g|b)',
    ]);
    for (let i = 0; i < 8; i++) now = nudge(now.layout, now.paths, -1);
    expect(show(now.layout)).toBe(show(layout));
  });

  it('loses and doubles no field, whatever is done', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    const fields = (list: LayoutNode[]) =>
      [...eachNode(list)].flatMap(({ node }) => (node.field ? [node.field] : [])).sort();
    const all = fields(layout);
    let now = layout;
    for (let i = 0; i < 300; i++) {
      const paths = [...eachNode(now)].map((n) => n.path);
      const lists = ['', ...paths.flatMap((p) => [`${p}.items`, `${p}.tabs.0.items`, `${p}.tabs.1.items`])].filter(
        (l) => listAt(now, l),
      );
      const pick = paths.filter(() => random(4) === 0);
      const target = paths[random(paths.length)] as string;
      const list = lists[random(lists.length)] as string;
      const steps = [
        () => move(now, pick, { list, index: random(5) }).layout,
        () =>
          place(now, { paths: pick }, target, (['top', 'bottom', 'left', 'right'] as const)[random(4)] ?? 'top').layout,
        () => nudge(now, pick, random(2) ? 1 : -1).layout,
        () => wrap(now, pick, { type: 'section', title: 'x' }).layout,
        () => unwrap(now, target).layout,
        () => resize(now, pick, 6),
      ];
      now = steps[random(steps.length)]?.() ?? now;
      expect(fields(now)).toEqual(all);
    }
    expect(fields(remove(now, ['0'])).length).toBeLessThanOrEqual(all.length);
  });
});
