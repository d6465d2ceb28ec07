// Reads the shape of an expression: enough to find out which conditions it is
// made of. The server decides what an expression means and whether it is valid.
import { type Token, tokenize, unquote } from './tokens';

/** Where a node stands in its text, and whether brackets surround it. */
interface Place {
  from: number;
  to: number;
  parens?: boolean;
}

export type Node = Place &
  (
    | { type: 'text'; value: string }
    | { type: 'number'; digits: string }
    | { type: 'bool'; value: boolean }
    | { type: 'nil' }
    | { type: 'list'; items: Node[] }
    | { type: 'name'; name: string }
    | { type: 'member'; object: Node; name: string }
    | { type: 'call'; name: string; args: Node[] }
    | { type: 'element' }
    | { type: 'not'; arg: Node }
    | { type: 'minus'; arg: Node }
    | { type: 'binary'; op: string; left: Node; right: Node }
    | { type: 'other'; parts: Node[] }
  );

/** The text is no expression; `at` is where reading stopped. */
export class SyntaxFault extends Error {
  constructor(readonly at: number) {
    super('syntax');
  }
}

type Word = Token | { kind: 'end'; text: ''; from: number; to: number };

/** The words of an expression; a comment would be lost with the rows, so it is a fault here. */
function wordsOf(source: string): Word[] {
  const list: Word[] = tokenize(source);
  const wrong = list.find((token) => token.kind === 'bad' || token.kind === 'comment');
  if (wrong) throw new SyntaxFault(wrong.from);
  return [...list, { kind: 'end', text: '', from: source.length, to: source.length }];
}

// How tightly operators bind, as the server's parser has it.
const binding: Record<string, number> = {
  '|': 0,
  or: 10,
  '||': 10,
  and: 15,
  '&&': 15,
  '==': 20,
  '!=': 20,
  '<': 20,
  '>': 20,
  '<=': 20,
  '>=': 20,
  in: 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  '..': 25,
  '+': 30,
  '-': 30,
  '*': 60,
  '/': 60,
  '%': 60,
  '**': 100,
  '^': 100,
  '??': 500,
};
const spelled: Record<string, string> = { '||': 'or', '&&': 'and' };
const words = new Set(['or', 'and', 'in', 'not', 'matches', 'contains', 'startsWith', 'endsWith']);

/** The tree of an expression; throws SyntaxFault. */
export function parse(source: string): Node {
  const list = wordsOf(source);
  let at = 0;
  let depth = 0;
  const peek = () => list[at] as Word;
  const take = () => list[at++] as Word;
  const is = (text: string) => peek().text === text && peek().kind !== 'text';
  const expect = (text: string) => {
    if (!is(text)) throw new SyntaxFault(peek().from);
    return take();
  };

  function expression(min: number): Node {
    if (++depth > 200) throw new SyntaxFault(peek().from);
    let left = unary();
    for (;;) {
      const token = peek();
      if (token.kind === 'text' || token.kind === 'end') break;
      const negated = token.text === 'not' && token.kind === 'name';
      const name = negated ? ((list[at + 1] as Word | undefined)?.text ?? '') : token.text;
      const power = binding[name];
      if (
        power === undefined ||
        power < min ||
        (negated && !['in', 'contains', 'startsWith', 'endsWith', 'matches'].includes(name))
      )
        break;
      at += negated ? 2 : 1;
      const right = expression(name === '**' || name === '^' ? power : power + 1);
      left = {
        type: 'binary',
        op: (negated ? 'not ' : '') + (spelled[name] ?? name),
        left,
        right,
        from: left.from,
        to: right.to,
      };
    }
    if (min === 0 && is('?')) {
      take();
      const yes = expression(0);
      expect(':');
      const no = expression(0);
      left = { type: 'other', parts: [left, yes, no], from: left.from, to: no.to };
    }
    depth--;
    return left;
  }

  function unary(): Node {
    const token = peek();
    if (token.kind === 'name' && token.text === 'not') {
      take();
      const arg = expression(50);
      return { type: 'not', arg, from: token.from, to: arg.to };
    }
    if (token.kind === 'sign' && (token.text === '!' || token.text === '-' || token.text === '+')) {
      take();
      const arg = expression(token.text === '!' ? 1000 : 90);
      if (token.text === '+') return arg;
      return { type: token.text === '!' ? 'not' : 'minus', arg, from: token.from, to: arg.to };
    }
    return postfix(primary());
  }

  function primary(): Node {
    const token = take();
    const place = { from: token.from, to: token.to };
    switch (token.kind) {
      case 'text':
        return { type: 'text', value: unquote(token).value, ...place };
      case 'number':
        return { type: 'number', digits: token.text.replaceAll('_', ''), ...place };
      case 'name': {
        if (token.text === 'true' || token.text === 'false')
          return { type: 'bool', value: token.text === 'true', ...place };
        if (token.text === 'nil' || token.text === 'null') return { type: 'nil', ...place };
        if (words.has(token.text)) throw new SyntaxFault(token.from);
        if (is('(')) {
          take();
          const args: Node[] = [];
          while (!is(')')) {
            args.push(expression(0));
            if (!is(')')) expect(',');
          }
          return { type: 'call', name: token.text, args, from: token.from, to: take().to };
        }
        return { type: 'name', name: token.text, ...place };
      }
      case 'sign': {
        if (token.text === '(') {
          const inner = expression(0);
          const end = expect(')');
          return { ...inner, parens: true, from: token.from, to: end.to };
        }
        if (token.text === '[' || token.text === '{') {
          const items: Node[] = [];
          const close = token.text === '[' ? ']' : '}';
          while (!is(close)) {
            items.push(expression(0));
            if (!is(close)) {
              if (is(':')) take();
              else expect(',');
            }
          }
          const to = take().to;
          return token.text === '['
            ? { type: 'list', items, from: token.from, to }
            : { type: 'other', parts: items, from: token.from, to };
        }
        if (token.text === '#') return { type: 'element', ...place };
        // ".qty" inside a body: a column of the row at hand.
        if (token.text === '.') {
          const name = take();
          if (name.kind !== 'name') throw new SyntaxFault(name.from);
          return {
            type: 'member',
            object: { type: 'element', ...place },
            name: name.text,
            from: token.from,
            to: name.to,
          };
        }
        break;
      }
    }
    throw new SyntaxFault(token.from);
  }

  function postfix(start: Node): Node {
    let node = start;
    for (;;) {
      if (is('.') || is('?.')) {
        take();
        const name = take();
        if (name.kind !== 'name') throw new SyntaxFault(name.from);
        node = { type: 'member', object: node, name: name.text, from: node.from, to: name.to };
      } else if (is('[')) {
        take();
        const index = expression(0);
        node = { type: 'other', parts: [node, index], from: node.from, to: expect(']').to };
      } else return node;
    }
  }

  const tree = expression(0);
  if (peek().kind !== 'end') throw new SyntaxFault(peek().from);
  return tree;
}

/** The source of a node without the brackets around it. */
export function sourceOf(source: string, node: Node): string {
  const text = source.slice(node.from, node.to);
  return node.parens ? text.slice(1, -1).trim() : text;
}
