// Reading numbers as people type them. A number stays text until somebody needs
// it: a double would silently round more than 15 digits.

const fullWidth = '０１２３４５６７８９．－，＋';
const halfWidth = '0123456789.-,+';

/** Half-width digits and signs, without separators and spaces. */
export function tidyNumber(text: string): string {
  let out = '';
  for (const c of text) {
    const at = fullWidth.indexOf(c);
    out += at >= 0 ? halfWidth[at] : c === '−' || c === '–' ? '-' : c === '。' ? '.' : c;
  }
  return out.replace(/[\s,，_]/g, '');
}

const pattern = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/**
 * The number in a text: canonical decimal text, null for blank, undefined when
 * it is no number. A percent sign divides by a hundred, 万 and 亿 multiply.
 */
export function parseNumber(text: string): string | null | undefined {
  const clean = tidyNumber(text);
  if (clean === '') return null;
  const unit = /^(.*?)([%\u4e07\u4ebf])?$/.exec(clean);
  const digits = unit?.[1] ?? clean;
  if (!pattern.test(digits)) return undefined;
  const shift = unit?.[2] === '%' ? -2 : unit?.[2] === '\u4e07' ? 4 : unit?.[2] === '\u4ebf' ? 8 : 0;
  return shiftDecimal(canonical(digits), shift);
}

function canonical(digits: string): string {
  let sign = '';
  let body = digits;
  if (/^[+-]/.test(body)) {
    if (body[0] === '-') sign = '-';
    body = body.slice(1);
  }
  let [whole = '', part = ''] = body.split('.');
  whole = whole.replace(/^0+(?=\d)/, '') || '0';
  part = part.replace(/0+$/, '');
  const out = part ? `${whole}.${part}` : whole;
  return out === '0' ? '0' : sign + out;
}

/** Moves the decimal point of canonical decimal text, exactly. */
export function shiftDecimal(text: string, places: number): string {
  if (places === 0) return text;
  const negative = text.startsWith('-');
  let [whole = '0', part = ''] = (negative ? text.slice(1) : text).split('.');
  if (places > 0) {
    part = part.padEnd(places, '0');
    whole += part.slice(0, places);
    part = part.slice(places);
  } else {
    whole = whole.padStart(1 - places, '0');
    part = whole.slice(places) + part;
    whole = whole.slice(0, places);
  }
  return canonical(`${negative ? '-' : ''}${whole}.${part || '0'}`);
}
