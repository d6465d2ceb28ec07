// Lays out an expression: long calls one argument a line, one blank around operators.
import { type Token, tokenize } from '@/expr/tokens';

const width = 72;
const tight = new Set(['(', ')', '[', ']', '{', '}', ',', '.', '?.', '#', '!']);
const wordy = new Set(['and', 'or', 'not', 'in', 'contains', 'matches', 'startsWith', 'endsWith']);

interface Item {
  token?: Token;
  /** A bracketed list of arguments. */
  open?: string;
  close?: string;
  args?: Item[][];
}

const closers: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

function parse(tokens: Token[], start: number, until: string | null): [Item[][], number] {
  const args: Item[][] = [[]];
  let i = start;
  while (i < tokens.length) {
    const token = tokens[i] as Token;
    if (token.text === until && token.kind === 'sign') return [args, i];
    const close = token.kind === 'sign' ? closers[token.text] : undefined;
    if (close) {
      const [inner, end] = parse(tokens, i + 1, close);
      args.at(-1)?.push({ open: token.text, close: tokens[end] ? close : '', args: inner });
      i = end + 1;
      continue;
    }
    if (token.kind === 'sign' && token.text === ',' && until) args.push([]);
    else args.at(-1)?.push({ token });
    i++;
  }
  return [args, i];
}

function line(items: Item[]): string {
  let out = '';
  for (const [i, item] of items.entries()) {
    if (item.args) {
      out += `${item.open}${item.args.map(line).join(', ')}${item.close}`;
      continue;
    }
    const token = item.token as Token;
    const before = items[i - 1];
    const glued = tight.has(token.text) && token.kind === 'sign';
    const unary =
      token.text === '-' &&
      token.kind === 'sign' &&
      (!before ||
        (before.token?.kind === 'sign' && !tight.has(before.token.text)) ||
        wordy.has(before.token?.text ?? ''));
    const operator = (token.kind === 'sign' && !glued) || (token.kind === 'name' && wordy.has(token.text));
    if (operator && !unary) out = `${out.trimEnd()}${out ? ' ' : ''}${token.text} `;
    else if (token.text === ',' && token.kind === 'sign') out += ', ';
    else out += token.text;
    if (unary) out = `${out.replace(/- $/, '-')}`;
  }
  return out.trimEnd();
}

function block(items: Item[], indent: number): string {
  const flat = line(items);
  if (flat.length + indent <= width) return flat;
  const pad = ' '.repeat(indent + 2);
  let out = '';
  let run: Item[] = [];
  const flush = () => {
    const text = line(run);
    if (text === '') return;
    const operator =
      run[0]?.token &&
      ((run[0].token.kind === 'sign' && !tight.has(run[0].token.text)) || wordy.has(run[0].token.text));
    const last = run.at(-1)?.token;
    const opens = last && ((last.kind === 'sign' && !tight.has(last.text)) || wordy.has(last.text));
    out += `${out && operator ? ' ' : ''}${text}${opens ? ' ' : ''}`;
    run = [];
  };
  for (const item of items) {
    const size = item.args ? line([item]).length : 0;
    if (!item.args || size + indent <= width / 2) {
      run.push(item);
      // A chain of and/or breaks before each of its words.
      if (item.token && ['and', 'or', '&&', '||', '?', ':'].includes(item.token.text)) {
        const word = run.pop() as Item;
        flush();
        out = `${out.trimEnd()}\n${pad}`;
        run.push(word);
      }
      continue;
    }
    flush();
    out += `${item.open}\n${(item.args ?? []).map((arg) => pad + block(arg, indent + 2)).join(',\n')}\n${' '.repeat(indent)}${item.close}`;
  }
  flush();
  return out;
}

/** The expression over several lines. Comments and anything unreadable leave it as it is. */
export function formatExpression(source: string): string {
  const tokens = tokenize(source);
  if (tokens.length === 0 || tokens.some((token) => token.kind === 'comment' || token.kind === 'bad')) return source;
  const [items] = parse(tokens, 0, null);
  return items.map((arg) => block(arg, 0)).join(', ');
}
