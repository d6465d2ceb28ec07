import { describe, expect, it } from 'vitest';
import { badCells, type Fixes, fixList, withFix } from './fixes';

describe('fixes of an import', () => {
  it('are what differs from the file', () => {
    let fixes: Fixes = {};
    fixes = withFix(fixes, 3, '金额', '20', '十');
    fixes = withFix(fixes, 3, '名称', '乙', '已');
    fixes = withFix(fixes, 8, '金额', '1', 'x');
    expect(fixList(fixes)).toEqual([
      { row: 3, cells: { 金额: '20', 名称: '乙' } },
      { row: 8, cells: { 金额: '1' } },
    ]);
    fixes = withFix(fixes, 8, '金额', 'x', 'x');
    fixes = withFix(fixes, 3, '金额', '十', '十');
    expect(fixList(fixes)).toEqual([{ row: 3, cells: { 名称: '乙' } }]);
  });

  it('begin with the cells at fault; what is wrong with the row stands beside', () => {
    const row = {
      row: 3,
      cells: { 名称: '乙', 金额: '十' },
      errors: [
        { code: 'a', column: '金额', message: '不是数字' },
        { code: 'b', column: '金额', message: '太大' },
        { code: 'c', message: '结束早于开始' },
      ],
    };
    expect(badCells(row, ['名称', '备注', '金额'], false)).toEqual({
      cells: [{ column: '金额', text: '十', error: '不是数字 太大' }],
      others: ['结束早于开始'],
      more: true,
    });
    expect(badCells(row, ['金额', '备注', '名称'], true).cells.map((c) => c.column)).toEqual(['金额', '名称']);
  });
});
