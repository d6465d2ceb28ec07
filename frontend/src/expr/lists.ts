// Functions on lists and columns of sub-forms.
import { Day, Instant, parseDay, parseInstant, toTime } from './civil';
import { type Context, checked, list, num, parseNumber, type Table, trim } from './context';
import { Dec } from './decimal';
import { sum } from './maths';
import { compare, flat, identity, present, Rows, same, type Value } from './value';

const nth = (l: Value[], i: number): Value => (i ? l[i > 0 ? i - 1 : l.length + i] : null) ?? null;

function ordered(a: Value[], descending: boolean): Value[] {
  return present(a).sort((x, y) => (compare(x, y) ?? 0) * (descending ? -1 : 1));
}

function unique(a: Value[]): Value[] {
  const seen = new Set<string>();
  return present(flat(a)).filter((v) => {
    const k = identity(v);
    return !seen.has(k) && seen.add(k);
  });
}

/** Reads a criterion: a value to equal, or a text that starts with a comparison. */
function criteria(c: Context, crit: Value): (v: Value) => boolean {
  // Ids are texts here, but never start with a comparison.
  if (typeof crit !== 'string') return (v) => same(v, crit);
  const m = /^(>=|<=|!=|<>|==|>|<|=)?(.*)$/s.exec(crit) as RegExpExecArray;
  const op = m[1] ?? '=';
  const rest = m[2] as string;
  return (v) => {
    let w: Value = null;
    if (typeof v === 'string') w = rest;
    else if (v instanceof Dec) w = parseNumber(rest);
    else if (typeof v === 'boolean') w = /^(true|TRUE)$/.test(rest) || (/^(false|FALSE)$/.test(rest) ? false : null);
    else if (v instanceof Day) w = parseDay(trim(rest));
    else if (v instanceof Instant) {
      const d = parseDay(trim(rest));
      w = d ? toTime(d, c.zone) : parseInstant(trim(rest));
    }
    const x = compare(v, w);
    if (op === '!=' || op === '<>') return x !== 0;
    return x !== null && ((op.includes('=') && x === 0) || (op[0] === '>' && x > 0) || (op[0] === '<' && x < 0));
  };
}

function sumIfs(c: Context, total: Value, ...pairs: Value[]): Value {
  let keep = list(total).map(() => true);
  for (let p = 0; p < pairs.length; p += 2) {
    const l = list(pairs[p] as Value);
    if (l.length !== keep.length) return null;
    const meets = criteria(c, pairs[p + 1] as Value);
    keep = keep.map((k, i) => k && meets(l[i] as Value));
  }
  return sum(list(total).filter((v, i): v is Dec => !!keep[i] && v instanceof Dec));
}

/** Functions for which any null argument gives null. */
export const strictLists: Table = {
  LARGE: (_c, l: Value[], k: Dec) => nth(ordered(l, true), k.clamp(0, 1 << 20)),
  SMALL: (_c, l: Value[], k: Dec) => nth(ordered(l, false), k.clamp(0, 1 << 20)),
  INDEX: (_c, l: Value[], k: Dec) => nth(l, k.clamp(-(1 << 20), 1 << 20)),
  FIRST: (_c, l: Value[]) => nth(l, 1),
  LAST: (_c, l: Value[]) => nth(l, -1),
  UNIQUE: (_c, l: Value[]) => unique(l),
  SORT: (_c, l: Value[], descending = false) => ordered(l, descending),
};

/** Functions that see null arguments. */
export const totalLists: Table = {
  MEDIAN: (_c, ...a: Value[]) => {
    const l = ordered(flat(a), false) as Dec[];
    const [x, y] = [l[(l.length - 1) >> 1], l[l.length >> 1]];
    return x && y ? (x === y ? x : x.add(y).div(num(2))) : null;
  },
  COUNT: (_c, ...a: Value[]) =>
    num(present(flat(a)).reduce((n: number, v) => n + (v instanceof Rows ? v.rows.length : 1), 0)),
  COUNTIF: (c, l: Value, crit: Value) => num(list(l).filter(criteria(c, crit)).length),
  SUMIF: (c, l: Value, crit: Value, of: Value = l) => sumIfs(c, of, l, crit),
  SUMIFS: sumIfs,
  SUMPRODUCT: (_c, ...a: Value[]) => {
    const [first = [], ...rest] = a.map(list);
    if (rest.some((l) => l.length !== first.length)) return null;
    const product = (i: number): Dec =>
      [first, ...rest].reduce((p, l) => checked(p.mul((l[i] as Dec | null) ?? num(0))), num(1));
    return sum(first.map((_v, i) => product(i)));
  },
  UNION: (_c, ...a: Value[]) => unique(a),
};
