// What is wrong with an expression: words that mean nothing are found here, the
// rest is asked of the server once the writer pauses.
import { useEffect, useState } from 'react';
import { checkExpr } from '@/api/queries/drafts';
import { templateParts } from '@/expr/tokens';
import { t } from '@/locales';
import { useBuilder } from '../context';
import type { CodeFault } from './code-props';
import { references, type Scope } from './refs';

/** How the server is asked; without it only words are checked. */
export interface ServerCheck {
  entity?: string;
  scope: 'record' | 'rule' | 'filter' | 'role';
  expect?: string;
  rule?: string;
  /** The field whose value the expression is. */
  field?: string;
  /** A sub-form of the entity: the expression is about one of its rows. */
  column?: string;
}

/** Words of an expression that name nothing. */
export function unknownWords(source: string, scope: Scope, template: boolean): CodeFault[] {
  const parts = template ? templateParts(source).filter((p) => p.expr) : [{ text: source, from: 0 }];
  return parts.flatMap((part) =>
    references(part.text, scope).flatMap((ref) =>
      ref.segments
        .filter((s) => s.what === 'unknown')
        .slice(0, 1)
        .map((s) => ({
          from: part.from + s.from,
          to: part.from + s.to,
          message: t('build.formula.unknown', { name: s.text }),
        })),
    ),
  );
}

/** The place of the n-th character, as the server counts them, in a JavaScript string. */
export function unitsOf(text: string, runes: number): number {
  let at = 0;
  for (let n = 0; n < runes && at < text.length; n++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

export interface Checked {
  faults: CodeFault[];
  /** What the expression gives, once the server has said so. */
  kind: string | null;
  checking: boolean;
}

/** Checks an expression while it is written. */
export function useCheck(source: string, scope: Scope, template: boolean, server: ServerCheck | undefined): Checked {
  const { app, store } = useBuilder();
  const [answer, setAnswer] = useState<{ source: string; faults: CodeFault[]; kind: string | null } | null>(null);
  const local = unknownWords(source, scope, template);
  const asks = server !== undefined && !template && source.trim() !== '' && local.length === 0;
  const { entity, scope: where, expect, rule, column } = server ?? {};
  useEffect(() => {
    if (!asks || !where) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        // Fields that were just made must be known to the server.
        await store.flush();
        const kinds = ['bool', 'number', 'text', 'date', 'time'];
        const input = {
          entity: entity ?? '',
          expr: source,
          scope: where,
          ...(expect && kinds.includes(expect) ? { expect } : {}),
          ...(rule ? { rule } : {}),
          ...(column ? { column } : {}),
        };
        const checked = await checkExpr(app.id, input, abort.signal);
        setAnswer({
          source,
          kind: checked.kind || null,
          faults: (checked.faults ?? []).map((f) => ({
            from: unitsOf(source, f.from),
            to: unitsOf(source, f.to),
            message: f.message,
          })),
        });
      } catch {
        // Out of reach or overtaken: publishing checks everything again.
      }
    }, 350);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asks, source, entity, where, expect, rule, column, app.id, store]);
  const fresh = answer?.source === source ? answer : null;
  return {
    faults: local.length > 0 ? local : (fresh?.faults ?? []),
    kind: fresh?.kind ?? null,
    checking: asks && !fresh,
  };
}
