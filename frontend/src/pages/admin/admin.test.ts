import { expect, test } from 'vitest';
import { instants } from './audit-days';
import { inTreeOrder, withBelow } from './departments-tree';
import { samples } from './samples';

const d = (id: string, parent: string | null) => ({ id, name: id, parent, head: null, position: 0 });
const all = [d('b', 'a'), d('c', 'b'), d('a', null), d('x', 'gone')];

test('parents stand before their children, orphans at the root', () => {
  expect(inTreeOrder(all).map((n) => [n.department.id, n.depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['x', 0],
  ]);
});

test('a department cannot move below itself', () => {
  expect([...withBelow(all, 'a')].sort()).toEqual(['a', 'b', 'c']);
});

test('examples name the real app, form and fields', () => {
  const all = samples({
    origin: 'https://t.example',
    app: 'app_1',
    entity: 'customer',
    key: 'tk_1',
    values: { name: "O'Hara" },
  });
  for (const one of Object.values(all)) {
    expect(one).toContain('https://t.example/api/v1/apps/app_1/entities/customer/records');
    expect(one).toContain('tk_1');
  }
  expect(all.curl).toContain(`'{"name":"O'\\''Hara"}'`);
});

test("days of the audit log are the reader's, the last one whole", () => {
  expect(instants('2026-11-22', '2026-11-22', 'Asia/Shanghai')).toEqual({
    since: '2026-11-21T16:00:00Z',
    until: '2026-11-22T16:00:00Z',
  });
  // The day on which clocks go back has 25 hours.
  expect(instants('2026-10-25', '2026-10-25', 'Europe/Berlin')).toEqual({
    since: '2026-10-24T22:00:00Z',
    until: '2026-10-25T23:00:00Z',
  });
  expect(instants(null, '2026-12-31', 'UTC')).toEqual({ since: undefined, until: '2027-01-01T00:00:00Z' });
});
