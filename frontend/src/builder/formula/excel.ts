// Formulas as people bring them: pasted from a spreadsheet, typed with a Chinese
// input method. Both become expressions of the one language.

import { tokenize } from '@/expr/tokens';
import { textOf } from '@/locales/text';
import { type Fields, type Scope, systemFields } from './refs';

const wide: Record<string, string> = {
  '\uff08': '(',
  '\uff09': ')',
  '\uff0c': ',',
  '\uff1b': ';',
  '\uff1a': ':',
  '\uff1d': '=',
  '\uff0b': '+',
  '\uff0d': '-',
  '\uff0a': '*',
  '\uff0f': '/',
  '\uff1e': '>',
  '\uff1c': '<',
  '\u201c': '"',
  '\u201d': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u3010': '[',
  '\u3011': ']',
  '\uff01': '!',
  '\uff06': '&',
  '\u00d7': '*',
  '\u00f7': '/',
  '\u2260': '!=',
  '\u2264': '<=',
  '\u2265': '>=',
  '\uff05': '%',
  '\uff0e': '.',
  '\u3000': ' ',
};

/** The sign that a full-width character stands for; undefined for any other. */
export const narrow = (char: string): string | undefined =>
  wide[char] ?? (/[\uff10-\uff19]/.test(char) ? String.fromCharCode(char.charCodeAt(0) - 0xfee0) : undefined);

/** Full-width signs outside quotes become plain ones. */
export function narrowSigns(text: string): string {
  let out = '';
  let mark = '';
  for (const char of text) {
    if (mark) {
      const closes = char === mark || (mark === '"' && narrow(char) === '"');
      out += closes ? mark : char;
      if (closes) mark = '';
      continue;
    }
    const plain = narrow(char) ?? char;
    if (plain === '"' || plain === "'") mark = plain;
    out += plain;
  }
  return out;
}

/** A formula of a spreadsheet as an expression: "=IF(A<>0;…)". Text that is none comes back unchanged. */
export function fromSpreadsheet(text: string, scope: Scope): string {
  const plain = narrowSigns(text.trim());
  if (!plain.startsWith('=')) return text;
  const source = plain.slice(1).replaceAll('<>', '!=');
  const tokens = tokenize(source);
  const titles = titlesOf(scope);
  let out = '';
  let at = 0;
  for (const [i, token] of tokens.entries()) {
    out += source.slice(at, token.from);
    at = token.to;
    const next = tokens[i + 1];
    if (token.kind === 'sign' && token.text === '=') out += '==';
    else if (token.kind === 'sign' && token.text === ';') out += ',';
    else if (token.kind === 'bad' && token.text === '&') out += ' + ';
    else if (token.kind === 'sign' && token.text === '^') out += '**';
    else if (
      token.kind === 'sign' &&
      token.text === '%' &&
      !(next && (next.kind === 'name' || next.kind === 'number' || next.text === '('))
    )
      out += ' / 100';
    else if (token.kind === 'name' && next?.text === '(') out += token.text;
    else if (token.kind === 'name')
      out += /^(true|false)$/i.test(token.text) ? token.text.toLowerCase() : (titles.get(token.text) ?? token.text);
    else if (token.kind === 'text' && token.text[0] === "'")
      out += `"${token.text.slice(1, -1).replaceAll('"', '\\"')}"`;
    else out += token.text;
  }
  out += source.slice(at);
  return out.replace(/ {2,}/g, ' ').trim();
}

function titlesOf(scope: Scope): Map<string, string> {
  const out = new Map<string, string>();
  const add = (of: Fields | undefined, prefix: string) => {
    for (const field of of ? [...of.fields, ...systemFields(of)] : []) {
      const title = textOf(field.name).replace(/\s+/g, '');
      if (title && !out.has(title)) out.set(title, prefix + field.key);
      for (const column of field.fields ?? []) {
        const inner = textOf(column.name);
        if (inner && !out.has(inner)) out.set(inner, `${prefix}${field.key}.${column.key}`);
      }
    }
  };
  add(scope.record, '');
  for (const [name, of] of Object.entries(scope.roots)) add(of, `${name}.`);
  return out;
}
