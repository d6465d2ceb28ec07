import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields';
import { loadMessages, setLocale } from '@/locales';
import { bulkSelect, everythingPicked, isPicked, nothingPicked, pickedCount, withPicked } from '../shared/row-pick';
import { cellsHtml, cellsText, parseCells, readRaw, tableCells } from './clipboard';
import type { Column } from './columns';
import { fitting } from './footer-text';
import { changedOnly, fillValues, planPaste } from './paste';
import { type GroupNode, type Line, type Rows, walkerOf } from './rows';
import { activeOf, at, boxOf, type Extent, fillBox, kept, moved, type Selection, stepped } from './selection';

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('record');
});

const field = (key: string, type: string, kind: string, extra: Partial<RuntimeField> = {}): RuntimeField => ({
  id: `fld_${key}`,
  key,
  name: key,
  type,
  kind,
  traits: {},
  readable: true,
  writable: true,
  ...extra,
});
const ctx: FieldContext = { names: {}, locale: 'zh-CN', zone: 'Asia/Shanghai', app: null };
const name = field('name', 'text', 'text');
const amount = field('amount', 'number', 'number');
const stage = field('stage', 'select', 'text', {
  choices: [{ key: 'won', label: { 'zh-CN': '赢单', 'en-US': 'Won' } }],
});
const total = field('total', 'formula', 'number', { writable: false });

describe('selection', () => {
  const extent: Extent = { rows: 100, cols: 5, page: 20 };
  const go = (s: Selection, key: string, shift = false, mod = false) =>
    moved(s, key, { shift, mod }, extent) as Selection;

  it('moves with the arrows and stays inside', () => {
    expect(go(at(0, 0), 'ArrowUp')).toEqual(at(0, 0));
    expect(go(at(0, 0), 'ArrowDown')).toEqual(at(1, 0));
    expect(go(at(3, 4), 'ArrowRight')).toEqual(at(3, 4));
    expect(go(at(3, 2), 'ArrowRight', false, true)).toEqual(at(3, 4));
    expect(go(at(3, 2), 'End', false, true)).toEqual(at(99, 4));
    expect(go(at(90, 2), 'PageDown')).toEqual(at(99, 2));
    expect(moved(at(0, 0), 'a', {}, extent)).toBeNull();
  });
  it('grows with Shift from the anchor', () => {
    let s = go(at(5, 2), 'ArrowDown', true);
    s = go(s, 'ArrowLeft', true);
    expect(boxOf(s)).toEqual({ top: 5, bottom: 6, left: 1, right: 2 });
    expect(s.anchor).toEqual({ row: 5, col: 2 });
    expect(go(s, 'ArrowDown')).toEqual(at(6, 2));
  });
  it('walks through a rectangle with Tab and Enter', () => {
    let s: Selection = { anchor: { row: 0, col: 0 }, focus: { row: 1, col: 1 } };
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) {
      s = stepped(s, 'right', extent);
      seen.push(`${activeOf(s).row},${activeOf(s).col}`);
    }
    expect(seen).toEqual(['0,1', '1,0', '1,1', '0,0']);
    s = stepped(stepped(s, 'down', extent), 'down', extent);
    expect(activeOf(s)).toEqual({ row: 0, col: 1 });
    expect(boxOf(s)).toEqual({ top: 0, bottom: 1, left: 0, right: 1 });
    expect(stepped(at(0, 0), 'right', extent)).toEqual(at(0, 1));
    expect(stepped(at(0, 0), 'down', extent)).toEqual(at(1, 0));
  });
  it('shrinks with the list', () => {
    expect(kept(at(50, 4), { rows: 10, cols: 3, page: 5 })).toEqual(at(9, 2));
    expect(kept(at(1, 1), { rows: 0, cols: 3, page: 5 })).toBeNull();
  });
  it('fills below and above', () => {
    const box = { top: 2, bottom: 3, left: 0, right: 0 };
    expect(fillBox(box, 6)).toEqual({ target: { top: 4, bottom: 6, left: 0, right: 0 }, down: true });
    expect(fillBox(box, 0)).toEqual({ target: { top: 0, bottom: 1, left: 0, right: 0 }, down: false });
    expect(fillBox(box, 3)).toBeNull();
  });
});

describe('ticked rows', () => {
  it('are ids, or everything but some', () => {
    let pick = withPicked(nothingPicked, ['a', 'b'], true);
    pick = withPicked(pick, ['a'], false);
    expect(isPicked(pick, 'b') && !isPicked(pick, 'a')).toBe(true);
    expect(bulkSelect(pick, { filter: 'x > 1', search: '' })).toEqual({ ids: ['b'] });
    let all = withPicked(everythingPicked, ['a'], false);
    expect(pickedCount(all, 100)).toBe(99);
    expect(bulkSelect(all, { filter: 'x > 1', search: '云' })).toEqual({
      query: { filter: 'x > 1', search: '云' },
      except: ['a'],
    });
    all = withPicked(all, ['a'], true);
    expect(isPicked(all, 'a')).toBe(true);
    expect(bulkSelect(all, { filter: '', search: '' })).toEqual({ query: {} });
  });
});

describe('clipboard', () => {
  it.each<[string, string, string[][]]>([
    [
      'a spreadsheet block',
      'a\tb\r\n1\t2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['one cell', '杭州', [['杭州']]],
    ['quoted breaks and quotes', '"a\nb"\t"say ""hi"""\nc', [['a\nb', 'say "hi"'], ['c']]],
    ['a stray quote', '5" disk\t"x', [['5" disk', '"x']]],
    ['empty cells', '\t\t1\n\n2', [['', '', '1'], [''], ['2']]],
  ])('reads %s', (_, text, cells) => expect(parseCells(text)).toEqual(cells));

  it('writes what it can read again', () => {
    const cells = [
      ['a\tb', '"q"', 'x\ny'],
      ['', '1', '2'],
    ];
    expect(parseCells(cellsText(cells))).toEqual(cells);
  });
  it('carries the values of our own copies', () => {
    const raw = { app: 'app', entity: 'deal', fields: ['fld_name'], rows: [['<b>"云"</b>']] };
    const html = cellsHtml([['<b>"云"</b>']], raw);
    expect(readRaw(html)).toEqual(raw);
    expect(tableCells(html)).toEqual([['<b>"云"</b>']]);
    expect(readRaw('<table><tr><td>1</td></tr></table>')).toBeNull();
  });
});

describe('paste', () => {
  const options = { app: 'app', entity: 'deal', create: true };
  it('changes records that are there and makes the rest', () => {
    const plan = planPaste(
      [
        ['甲', '1,200', '赢单'],
        ['乙', '3', 'won'],
      ],
      { top: 9, fields: [name, amount, stage], rows: 1, cols: 1 },
      10,
      ctx,
      options,
    );
    expect(plan.updates).toEqual([{ row: 9, values: { name: '甲', amount: 1200, stage: 'won' } }]);
    expect(plan.creates).toEqual([{ name: '乙', amount: 3, stage: 'won' }]);
    expect(plan.faults).toEqual([]);
  });
  it('names what it cannot read and what takes no values', () => {
    const plan = planPaste([['x', '9', 'z']], { top: 0, fields: [amount, total], rows: 1, cols: 1 }, 5, ctx, options);
    expect(plan.faults.map((f) => f.text)).toEqual(['x']);
    expect(plan.locked).toEqual([total]);
    expect(plan.beyond).toBe(1);
    expect(plan.updates).toEqual([]);
  });
  it('fills a larger target with one value or a repeated block', () => {
    expect(
      planPaste([['5']], { top: 0, fields: [amount], rows: 3, cols: 1 }, 5, ctx, options).updates.map(
        (u) => u.values.amount,
      ),
    ).toEqual([5, 5, 5]);
    expect(
      planPaste([['1'], ['2']], { top: 0, fields: [amount], rows: 4, cols: 1 }, 5, ctx, options).updates.map(
        (u) => u.values.amount,
      ),
    ).toEqual([1, 2, 1, 2]);
    expect(
      planPaste([['1'], ['2']], { top: 0, fields: [amount], rows: 3, cols: 1 }, 5, ctx, options).updates,
    ).toHaveLength(2);
  });
  it('takes the values of our own copy of the same column', () => {
    const raw = { app: 'app', entity: 'deal', fields: ['fld_stage'], rows: [['won']] };
    const plan = planPaste([['whatever']], { top: 0, fields: [stage], rows: 1, cols: 1 }, 1, ctx, { ...options, raw });
    expect(plan.updates[0]?.values).toEqual({ stage: 'won' });
  });
  it('sends only what differs', () => {
    expect(
      changedOnly({ id: 'a', rev: 1, name: '甲', tags: ['x'] }, { name: '甲', tags: ['x', 'y'], note: null }),
    ).toEqual({ tags: ['x', 'y'] });
  });
});

describe('fill', () => {
  it('repeats one value and counts on from several', () => {
    expect(fillValues([7], amount, 3, true)).toEqual([7, 7, 7]);
    expect(fillValues([1, 3], amount, 3, true)).toEqual([5, 7, 9]);
    expect(fillValues([1, 3], amount, 2, false)).toEqual([-1, -3]);
    expect(fillValues(['2026-01-30', '2026-01-31'], field('d', 'date', 'date'), 2, true)).toEqual([
      '2026-02-01',
      '2026-02-02',
    ]);
    expect(fillValues(['a', 'b'], name, 3, true)).toEqual(['a', 'b', 'a']);
    expect(fillValues([1, 2, 5], amount, 2, true)).toEqual([1, 2]);
  });
});

describe('a total in its column', () => {
  const money = field('paid', 'money', 'number');
  const column = (width: number, footer: Column['footer'] = 'sum'): Column => ({
    field: money,
    index: 0,
    width,
    left: 0,
    frozen: false,
    footer,
    align: 'right',
  });
  const shown = (width: number, value: unknown, footer?: Column['footer']) =>
    Object.values(fitting(column(width, footer), value, ctx, (text) => text.length * 10)).join(' ');

  it('keeps its name as long as it can, and gives up empty places and the word before', () => {
    expect(shown(222, 1610950654)).toBe('求和 ¥1,610,950,654.00');
    expect(shown(200, 1610950654)).toBe('求和 ¥1,610,950,654');
    expect(shown(182, 1610950654)).toBe('Σ ¥1,610,950,654');
    expect(shown(120, 1610950654)).toBe(' ¥1,610,950,654.00');
  });

  it('never drops cents', () => {
    expect(shown(212, 1610950654.5)).toBe('Σ ¥1,610,950,654.50');
    expect(shown(182, '1610950654.50')).toBe(' ¥1,610,950,654.50');
    expect(shown(182, '1610950654.00')).toBe('Σ ¥1,610,950,654');
  });

  it('has no sign for other functions', () => {
    expect(shown(182, 1610950654, 'max')).toBe(' ¥1,610,950,654.00');
  });
});

describe('steps of a panel', () => {
  const record = (id: string, number: number): Line => ({
    kind: 'record',
    record: { id, rev: 1 } as never,
    number,
    failed: false,
  });
  const head: Line = { kind: 'group', group: {} as GroupNode, open: true };
  const lines = [head, record('a', 1), head, head, record('b', 2)];
  const idAt = (i: number) => {
    const line = lines[i];
    return line?.kind === 'record' ? line.record?.id : undefined;
  };
  const walker = walkerOf({
    line: (i: number) => lines[i] ?? { kind: 'gone' },
    id: idAt,
    indexOf: (id: string) => lines.findIndex((_, i) => idAt(i) === id),
  } as Rows);

  it('pass over the heads of groups', () => {
    expect(walker.step('a', 1)).toBe('b');
    expect(walker.step('b', -1)).toBe('a');
    expect(walker.step('a', -1)).toBeUndefined();
    expect(walker.step('b', 1)).toBeUndefined();
    expect(walker.place('b')).toBe(2);
    expect(walker.step('x', 1)).toBeUndefined();
  });
});
