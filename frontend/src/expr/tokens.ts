// The words of an expression. Unlike a parser it never fails: half-written text
// has words too, and those are what chips, completion and renames need.

export interface Token {
  kind: 'name' | 'text' | 'number' | 'sign' | 'comment' | 'bad';
  text: string;
  from: number;
  to: number;
}

const signs = [
  '??',
  '?.',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '**',
  '..',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  '?',
  ':',
  '<',
  '>',
  '!',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '#',
  '|',
  ';',
  '=',
];

/** The words of a text from left to right; blanks are left out. */
export function tokenize(source: string): Token[] {
  const out: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], to: number) => {
    out.push({ kind, text: source.slice(at, to), from: at, to });
    at = to;
  };
  while (at < source.length) {
    const c = source[at] as string;
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    if (source.startsWith('//', at)) {
      const end = source.indexOf('\n', at);
      push('comment', end < 0 ? source.length : end);
      continue;
    }
    if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      push('comment', end < 0 ? source.length : end + 2);
      continue;
    }
    if (c === '"' || c === "'" || c === '`') {
      let to = at + 1;
      while (to < source.length && source[to] !== c) to += source[to] === '\\' && c !== '`' ? 2 : 1;
      push(to < source.length ? 'text' : 'bad', Math.min(source.length, to + 1));
      continue;
    }
    const number = /^(\d[\d_]*(\.\d+)?([eE][+-]?\d+)?|\.\d+)/.exec(source.slice(at));
    if (number) {
      push('number', at + number[0].length);
      continue;
    }
    const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(source.slice(at));
    if (name) {
      push('name', at + name[0].length);
      continue;
    }
    const sign = signs.find((s) => source.startsWith(s, at));
    push(sign ? 'sign' : 'bad', at + (sign?.length ?? 1));
  }
  return out;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '0': '\0' };

/** What stands at a backslash, and how many characters say it. */
function escaped(raw: string, at: number): [text: string, size: number] {
  const c = raw[at + 1] as string;
  const digits = c === 'u' ? 4 : c === 'x' ? 2 : c === 'U' ? 8 : 0;
  const hex = raw.slice(at + 2, at + 2 + digits);
  const code = Number.parseInt(hex, 16);
  if (digits > 0 && /^[\da-f]+$/i.test(hex) && hex.length === digits && code <= 0x10ffff)
    return [String.fromCodePoint(code), 2 + digits];
  return [escapes[c] ?? c, 2];
}

/** What a quoted text says, and where each of its characters stands in the source. */
export function unquote(token: Token): { value: string; places: number[] } {
  const raw = token.text.slice(1, -1);
  const plain = token.text[0] === '`';
  let value = '';
  const places: number[] = [];
  for (let i = 0; i < raw.length; ) {
    const [text, size] = raw[i] === '\\' && !plain && i + 1 < raw.length ? escaped(raw, i) : [raw[i] as string, 1];
    for (let n = 0; n < text.length; n++) places.push(token.from + 1 + i);
    value += text;
    i += size;
  }
  places.push(token.to - 1);
  return { value, places };
}

/** The expressions inside a text template, with their places. "{{" is a literal brace. */
export function templateParts(template: string): { text: string; from: number; to: number; expr: boolean }[] {
  const out: { text: string; from: number; to: number; expr: boolean }[] = [];
  let start = 0;
  let i = 0;
  const plain = (to: number) => {
    if (to > start) out.push({ text: template.slice(start, to), from: start, to, expr: false });
  };
  while (i < template.length) {
    if (template[i] !== '{') {
      i++;
      continue;
    }
    if (template[i + 1] === '{') {
      i += 2;
      continue;
    }
    const end = closing(template, i + 1);
    if (end < 0) break;
    plain(i);
    out.push({ text: template.slice(i + 1, end), from: i + 1, to: end, expr: true });
    i = end + 1;
    start = i;
  }
  plain(template.length);
  return out;
}

function closing(text: string, from: number): number {
  let depth = 0;
  let mark = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i] as string;
    if (mark) {
      if (c === '\\') i++;
      else if (c === mark) mark = '';
    } else if (c === '"' || c === "'" || c === '`') mark = c;
    else if (c === '{') depth++;
    else if (c === '}') {
      if (depth === 0) return i;
      depth--;
    }
  }
  return -1;
}
