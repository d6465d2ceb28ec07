// Values as text in a format. Nothing depends on a locale: a formula has one
// result for everybody.
import { type Clock, pad, weekday, ymd } from './civil';
import { Dec } from './decimal';

const CAPITALS = '零壹贰叁肆伍陆柒捌玖';
const LIMIT = Dec.of(10n ** 16n);

/** Reads a whole number below 10^16 in Chinese. */
function chineseWhole(n: bigint, digits: string, units: string): string {
  const four = (v: bigint): string => {
    let out = '';
    let gap = false;
    for (const [i, c] of [...v.toString().padStart(4, '0')].entries()) {
      if (c === '0') {
        gap = out !== '';
        continue;
      }
      if (gap) out += digits[0];
      gap = false;
      out += (digits[Number(c)] as string) + (units[2 - i] ?? '');
    }
    return out;
  };
  // A zero stands where the low part does not fill its first place.
  const join = (v: bigint, by: bigint, unit: string, read: (v: bigint) => string): string => {
    const [high, low] = [v / by, v % by];
    if (!high) return read(low);
    return read(high) + unit + (low && low < by / 10n ? digits[0] : '') + read(low);
  };
  if (!n) return digits[0] as string;
  return join(n, 100000000n, '亿', (v) => join(v, 10000n, '万', four));
}

const whole = (d: Dec): bigint => d.abs().floor().n;

function chineseNumber(d: Dec, digits: string, units: string): string | null {
  if (d.abs().cmp(LIMIT) >= 0) return null;
  const frac = d.toString().split('.')[1];
  const point = frac ? `点${[...frac].map((c) => digits[Number(c)]).join('')}` : '';
  return (d.sign < 0 ? '负' : '') + chineseWhole(whole(d), digits, units) + point;
}

/** An amount in Chinese financial capitals. */
export function rmbCapital(d: Dec): string | null {
  const r = d.round(2);
  if (r.abs().cmp(LIMIT) >= 0) return null;
  const cents = whole(r.shift(2));
  const [yuan, jiao, fen] = [cents / 100n, Number((cents / 10n) % 10n), Number(cents % 10n)];
  let out = r.sign < 0 ? '负' : '';
  if (yuan || !cents) out += `${chineseWhole(yuan, CAPITALS, '拾佰仟')}元`;
  if (jiao) out += `${CAPITALS[jiao]}角`;
  else if (fen && yuan) out += '零';
  else if (!fen) out += '整';
  return fen ? `${out}${CAPITALS[fen]}分` : out;
}

/** Puts a comma before every third digit from the right. */
function grouped(s: string): string {
  return [...s].map((c, i) => (i && (s.length - i) % 3 === 0 ? `,${c}` : c)).join('');
}

/** Writes a number in a spreadsheet format; null when the format makes no sense. */
export function formatNumber(d: Dec, format: string): string | null {
  if (!format || format === '[Num0]') return d.toString();
  if (format === '[Num1]') return chineseNumber(d, '零一二三四五六七八九', '十百千');
  if (format === '[Num2]') return chineseNumber(d, CAPITALS, '拾佰仟');
  let from = format.search(/[0#]/);
  if (from < 0) return format;
  if (format[from - 1] === '.') from--;
  const to = Math.max(format.lastIndexOf('0'), format.lastIndexOf('#')) + 1;
  const [prefix, suffix] = [format.slice(0, from), format.slice(to)];
  const m = /^([0#,]*)(?:\.([0#]*))?$/.exec(format.slice(from, to));
  const [int, frac] = [m?.[1] ?? '', m?.[2] ?? ''];
  if (!m || frac.length > 18) return null;
  const n = ((prefix + suffix).includes('%') ? d.shift(2) : d).round(frac.length);
  let [digits = '', decimals = ''] = n.abs().fixed(frac.length).split('.');
  const least = frac.lastIndexOf('0') + 1;
  while (decimals.length > least && decimals.endsWith('0')) decimals = decimals.slice(0, -1);
  digits = digits.replace(/^0+/, '').padStart(int.split('0').length - 1, '0');
  if (int.includes(',')) digits = grouped(digits);
  return (n.sign < 0 ? '-' : '') + prefix + digits + (decimals && `.${decimals}`) + suffix;
}

/** Writes civil fields where the format has their letters. */
export function formatDate(c: Clock, format: string): string {
  const [y, m, d] = ymd(c.day);
  const h = Math.floor(c.sec / 3600);
  const wd = weekday(c.day);
  const fields: Record<string, number> = {
    M: m,
    d,
    D: d,
    H: h,
    h: ((h + 11) % 12) + 1,
    m: Math.floor(c.sec / 60) % 60,
    s: c.sec % 60,
  };
  return format.replace(/'([^']*)'?|y{1,4}|Y{1,4}|E{1,3}|a|([MdDHhms])\2?/g, (t, quoted, letter) => {
    if (letter) return pad(fields[letter] as number, t.length);
    if (t[0] === "'") return quoted;
    if (t[0] === 'a') return h < 12 ? '上午' : '下午';
    if (t === 'E') return String(wd + 1);
    if (t[0] === 'E') return (t === 'EE' ? '周' : '星期') + '一二三四五六日'[wd];
    return t.length === 2 ? pad(y % 100, 2) : pad(y, 4);
  });
}
