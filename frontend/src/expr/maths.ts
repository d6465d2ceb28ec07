// Functions on numbers.
import { checked, type Fn, num, places, quotient, type Table } from './context';
import { Dec, SCALE } from './decimal';
import { compare, flat, present, type Value } from './value';

const isNumber = (v: Value): v is Dec => v instanceof Dec;

/** The numbers among values and in lists. */
export const numbers = (a: Value[]): Dec[] => flat(a).filter(isNumber);

/** The sum; 0 of nothing. */
export const sum = (a: Dec[]): Dec => a.reduce((s, d) => s.add(d), num(0));

/** Raises to a whole exponent of at most 100. */
export function power(b: Dec, x: Dec): Value {
  if (x.floor().cmp(x) || x.abs().cmp(num(100)) > 0) return null;
  let r = num(1);
  for (let i = x.abs().clamp(0, 100); i > 0; i--) r = checked(r.mul(b));
  return x.sign < 0 ? quotient(num(1), r) : r;
}

function extreme(sign: number): Fn {
  return (_c, ...a) => {
    let m: Value = null;
    for (const v of present(flat(a))) if (m === null || (compare(v, m) ?? 0) * sign > 0) m = v;
    return m;
  };
}

function toMultiple(n: Dec, step: Dec, dir: number): Value {
  if (!step.sign) return null;
  const to = n.sign < 0 && step.sign < 0 ? -dir : dir;
  const by = step.abs();
  const q = n.quo(by);
  return (n.rem(by).sign === to ? q.add(num(to)) : q).mul(by);
}

function cut(d: Dec, digits: Dec | undefined, away: boolean): Dec {
  const p = places(digits);
  const unit = p < 0 ? num(1).shift(-p) : new Dec(1n, p);
  const q = d.quo(unit);
  return (away ? q.add(num(d.rem(unit).sign)) : q).mul(unit);
}

const ratio = (part: Dec, whole: Dec, digits?: Dec): Value =>
  quotient(part, whole)?.round(Math.min(places(digits, 2), SCALE - 2) + 2) ?? null;

/** Functions for which any null argument gives null. */
export const strictMaths: Table = {
  ABS: (_c, d: Dec) => d.abs(),
  ROUND: (_c, d: Dec, p?: Dec) => d.round(places(p)),
  ROUNDUP: (_c, d: Dec, p?: Dec) => cut(d, p, true),
  ROUNDDOWN: (_c, d: Dec, p?: Dec) => cut(d, p, false),
  INT: (_c, d: Dec) => d.floor(),
  MOD: (_c, a: Dec, b: Dec) => {
    if (!b.sign) return null;
    const m = a.rem(b);
    return m.sign && m.sign !== b.sign ? m.add(b) : m;
  },
  CEILING: (_c, n: Dec, step = num(1)) => toMultiple(n, step, 1),
  FLOOR: (_c, n: Dec, step = num(1)) => toMultiple(n, step, -1),
  SIGN: (_c, d: Dec) => num(d.sign),
  SQRT: (_c, d: Dec) => (d.sign < 0 ? null : d.sqrt()),
  CLAMP: (_c, d: Dec, lo: Dec, hi: Dec) => {
    const low = d.cmp(lo) < 0 ? lo : d;
    return low.cmp(hi) > 0 ? hi : low;
  },
  PERCENT: (_c, a: Dec, b: Dec, p?: Dec) => ratio(a, b, p),
  GROWTH: (_c, a: Dec, b: Dec, p?: Dec) => ratio(a.sub(b), b.abs(), p),
};

/** Functions that see null arguments. */
export const totalMaths: Table = {
  SUM: (_c, ...a: Value[]) => sum(numbers(a)),
  AVERAGE: (_c, ...a: Value[]) => quotient(sum(numbers(a)), num(numbers(a).length)),
  MAX: extreme(1),
  MIN: extreme(-1),
  PRODUCT: (_c, ...a: Value[]) => {
    const l = numbers(a);
    return l.length ? l.reduce((p, d) => checked(p.mul(d)), num(1)) : null;
  },
};
