// Exact decimals: a BigInt with a scale, the same rules as the server's.

const powers: bigint[] = [1n];

function pow10(n: number): bigint {
  for (let i = powers.length; i <= n; i++) powers.push((powers[i - 1] as bigint) * 10n);
  return powers[n] as bigint;
}

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

/** Divides, rounding half away from zero. */
function divide(a: bigint, b: bigint): bigint {
  const q = a / b;
  return abs(a - q * b) * 2n >= abs(b) ? q + (a < 0n === b < 0n ? 1n : -1n) : q;
}

/** The number of decimals that quotients and products keep. */
export const SCALE = 18;

/** An exact decimal number: n / 10^scale. */
export class Dec {
  constructor(
    readonly n: bigint,
    readonly scale = 0,
  ) {}

  static of(n: number | bigint): Dec {
    return new Dec(BigInt(n));
  }

  /** Reads a JSON number or a plain decimal text; null if it is neither. */
  static parse(s: string): Dec | null {
    const m = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i.exec(s);
    if (!m || !(m[2] || m[3])) return null;
    const frac = m[3] as string;
    const scale = frac.length - Number(m[4] ?? 0);
    const n = BigInt(m[2] + frac) * (m[1] === '-' ? -1n : 1n);
    return scale < 0 ? new Dec(n * pow10(-scale)) : new Dec(n, scale);
  }

  /** The coefficients of two numbers at their common scale. */
  private with(o: Dec): [bigint, bigint, number] {
    const s = Math.max(this.scale, o.scale);
    return [this.at(s), o.at(s), s];
  }

  private at(scale: number): bigint {
    return this.n * pow10(scale - this.scale);
  }

  get sign(): number {
    return this.n > 0n ? 1 : this.n < 0n ? -1 : 0;
  }

  neg(): Dec {
    return new Dec(-this.n, this.scale);
  }

  abs(): Dec {
    return new Dec(abs(this.n), this.scale);
  }

  add(o: Dec): Dec {
    const [a, b, s] = this.with(o);
    return new Dec(a + b, s);
  }

  sub(o: Dec): Dec {
    return this.add(o.neg());
  }

  mul(o: Dec): Dec {
    return new Dec(this.n * o.n, this.scale + o.scale).round(SCALE);
  }

  /** Divides by a number that is not zero. */
  div(o: Dec, scale = SCALE): Dec {
    const [a, b] = this.with(o);
    return new Dec(divide(a * pow10(scale), b), scale);
  }

  /** The remainder, with this number's sign. */
  rem(o: Dec): Dec {
    const [a, b, s] = this.with(o);
    return new Dec(a % b, s);
  }

  /** The whole part of the quotient. */
  quo(o: Dec): Dec {
    const [a, b] = this.with(o);
    return new Dec(a / b);
  }

  cmp(o: Dec): number {
    return this.sub(o).sign;
  }

  /** Rounds half away from zero; negative places round before the point. */
  round(places: number): Dec {
    if (this.scale <= places) return this;
    const n = divide(this.n, pow10(this.scale - places));
    return places < 0 ? new Dec(n * pow10(-places)) : new Dec(n, places);
  }

  floor(): Dec {
    const p = pow10(this.scale);
    const q = this.n / p;
    return new Dec(q * p > this.n ? q - 1n : q);
  }

  /** Multiplies by 10^n, n ≥ 0. */
  shift(n: number): Dec {
    return new Dec(this.n * pow10(n), this.scale);
  }

  /** The square root, exact at 18 decimals. */
  sqrt(): Dec {
    const n = this.at(2 * SCALE);
    if (n === 0n) return Dec.of(0);
    let r = 1n << BigInt((n.toString(2).length + 1) >> 1);
    for (let next = r; ; r = next) {
      next = (r + n / r) >> 1n;
      if (next >= r) break;
    }
    return new Dec(n - r * r > r ? r + 1n : r, SCALE);
  }

  /** Whether the number keeps to the 38 digits that every evaluator has. */
  get fits(): boolean {
    return abs(this.n) < pow10(38 + this.scale);
  }

  /** Truncated to a whole number from lo to hi. */
  clamp(lo: number, hi: number): number {
    const n = this.n / pow10(this.scale);
    return n <= BigInt(lo) ? lo : n >= BigInt(hi) ? hi : Number(n);
  }

  /** Written with exactly so many decimals, which must be enough. */
  fixed(places: number): string {
    const s = abs(this.round(places).at(places))
      .toString()
      .padStart(places + 1, '0');
    const whole = s.slice(0, s.length - places);
    return (this.round(places).n < 0n ? '-' : '') + whole + (places ? `.${s.slice(-places)}` : '');
  }

  toString(): string {
    const s = this.fixed(this.scale);
    return this.scale ? s.replace(/\.?0+$/, '') : s;
  }
}
