// The text field of expressions: chips for fields, completion, brackets, errors
// under their words. Loaded when the first one is shown.
import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import {
  Compartment,
  EditorState,
  type Extension,
  Prec,
  RangeSetBuilder,
  StateEffect,
  StateField,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  placeholder as placeholderText,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { templateParts, tokenize } from '@/expr/tokens';
import { cx } from '@/kit';
import styles from './Code.module.css';
import type { CodeHandle, CodeProps } from './code-props';
import { suggest, suggestInTemplate } from './complete';
import { fromSpreadsheet, narrow } from './excel';
import { formatExpression } from './format';
import { references, type Scope, titleOf, titlesWritten } from './refs';

/** A field or variable by its title; the text below keeps its key. */
class Chip extends WidgetType {
  constructor(
    readonly title: string,
    readonly code: string,
    readonly kind: string,
  ) {
    super();
  }
  override eq(other: Chip) {
    return other.title === this.title && other.kind === this.kind;
  }
  toDOM() {
    const chip = document.createElement('span');
    chip.className = cx(styles.chip, this.kind === 'var' && styles.variable);
    chip.textContent = this.title;
    chip.title = this.code;
    return chip;
  }
  override ignoreEvent() {
    return false;
  }
}

interface Setup {
  scope: Scope;
  template: boolean;
}

const setSetup = StateEffect.define<Setup>();

function marks(source: string, { scope, template }: Setup): { decorations: DecorationSet; chips: DecorationSet } {
  const all: { from: number; to: number; deco: Decoration; chip: boolean }[] = [];
  const expression = (text: string, offset: number, whole?: { from: number; to: number }) => {
    const refs = references(text, scope).filter((r) => !r.nested);
    const known = refs.filter(
      (r) =>
        r.segments.every((s) => s.what !== 'unknown') &&
        r.segments.some((s) => s.what === 'field' || s.what === 'var' || s.what === 'root'),
    );
    const only = known.length === 1 && known[0]?.from === 0 && known[0].to === text.length ? known[0] : undefined;
    for (const ref of known) {
      const quoted = text[ref.from - 1] === '"' || text[ref.from - 1] === "'";
      const kind = ref.segments[0]?.what === 'var' || ref.segments.some((s) => s.what === 'var') ? 'var' : 'field';
      const range =
        only && whole ? whole : { from: offset + ref.from - (quoted ? 1 : 0), to: offset + ref.to + (quoted ? 1 : 0) };
      all.push({
        ...range,
        deco: Decoration.replace({ widget: new Chip(titleOf(ref), text.slice(ref.from, ref.to), kind) }),
        chip: true,
      });
    }
    if (only && whole) return;
    for (const token of tokenize(text)) {
      if (known.some((r) => token.from >= r.from - 1 && token.to <= r.to + 1)) continue;
      const call = token.kind === 'name' && /^\s*\(/.test(text.slice(token.to));
      const name = call
        ? styles.call
        : token.kind === 'text'
          ? styles.text
          : token.kind === 'number'
            ? styles.number
            : token.kind === 'comment'
              ? styles.comment
              : token.kind === 'name'
                ? styles.word
                : null;
      if (name)
        all.push({
          from: offset + token.from,
          to: offset + token.to,
          deco: Decoration.mark({ class: name }),
          chip: false,
        });
    }
  };
  if (template) {
    for (const part of templateParts(source)) {
      if (!part.expr) continue;
      const whole = { from: part.from - 1, to: part.to + 1 };
      all.push({ ...whole, deco: Decoration.mark({ class: styles.braces }), chip: false });
      expression(part.text, part.from, whole);
    }
  } else expression(source, 0);
  const build = (chips: boolean) => {
    const builder = new RangeSetBuilder<Decoration>();
    for (const one of all.filter((a) => a.chip === chips).sort((a, b) => a.from - b.from || b.to - a.to))
      if (one.to > one.from) builder.add(one.from, one.to, one.deco);
    return builder.finish();
  };
  return { decorations: build(false), chips: build(true) };
}

function markup(initial: Setup): Extension {
  const setup = StateField.define<Setup>({
    create: () => initial,
    update: (value, tr) => tr.effects.reduce((v, e) => (e.is(setSetup) ? e.value : v), value),
  });
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      chips: DecorationSet;
      constructor(view: EditorView) {
        ({ decorations: this.decorations, chips: this.chips } = marks(
          view.state.doc.toString(),
          view.state.field(setup),
        ));
      }
      update(update: ViewUpdate) {
        const other = update.transactions.some((tr) => tr.effects.some((e) => e.is(setSetup)));
        // A composition must not lose the text it is writing into.
        if (
          (update.docChanged && !update.view.composing) ||
          other ||
          (!update.view.composing && update.transactions.length === 0 && update.viewportChanged)
        ) {
          ({ decorations: this.decorations, chips: this.chips } = marks(
            update.state.doc.toString(),
            update.state.field(setup),
          ));
        } else if (update.docChanged) {
          this.decorations = this.decorations.map(update.changes);
          this.chips = this.chips.map(update.changes);
        }
      }
    },
    {
      decorations: (v) => v.decorations,
      provide: (p) => [
        EditorView.decorations.of((view) => view.plugin(p)?.chips ?? Decoration.none),
        EditorView.atomicRanges.of((view) => view.plugin(p)?.chips ?? Decoration.none),
      ],
    },
  );
  return [setup, plugin];
}

const theme = EditorView.theme({
  '&': { fontSize: 'var(--fs-13)', backgroundColor: 'transparent', color: 'var(--ink)', width: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '22px', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-placeholder': { color: 'var(--ink-3)', fontFamily: 'var(--font)' },
  '.cm-matchingBracket': {
    backgroundColor: 'transparent !important',
    color: 'var(--link) !important',
    fontWeight: '700',
  },
  '.cm-nonmatchingBracket': { backgroundColor: 'var(--danger-bg) !important', color: 'var(--danger) !important' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '0',
    borderRadius: 'var(--r-8)',
    backgroundColor: 'var(--raised)',
    boxShadow: 'var(--shadow-pop)',
    overflow: 'hidden',
    zIndex: 'var(--z-pop)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font)', maxHeight: '288px', padding: '4px' },
  '.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '4px 8px !important',
    borderRadius: 'var(--r-6)',
    lineHeight: '20px',
    maxWidth: '380px',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--ink)' },
  '.cm-completionLabel': { flex: 'none', maxWidth: '240px', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': {
    flex: '1',
    marginLeft: '0',
    color: 'var(--ink-3)',
    fontStyle: 'normal',
    fontSize: 'var(--fs-12)',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    textAlign: 'right',
  },
  '.cm-completionInfo': { padding: '8px 12px', maxWidth: '260px', color: 'var(--ink-2)', lineHeight: '20px' },
  '.cm-tooltip-lint': { padding: '0' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '0', color: 'var(--danger)' },
});

/** One expression, or a text with expressions in braces. */
export function Code(props: CodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const live = useRef(props);
  live.current = props;
  const {
    value,
    scope,
    template = false,
    faults,
    lines = 'many',
    placeholder,
    disabled,
    label,
    id,
    invalid,
    describedBy,
  } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later changes are dispatched below
  useEffect(() => {
    const editable = new Compartment();
    const source = (context: CompletionContext): CompletionResult | null => {
      const text = context.state.doc.toString();
      const p = live.current;
      const found = (p.template ? suggestInTemplate : suggest)(text, context.pos, p.scope, p.parts, context.explicit);
      if (!found || found.items.length === 0) return null;
      return {
        from: found.from,
        filter: false,
        options: found.items.map(
          (item): Completion => ({
            label: item.label,
            detail: item.kind === 'function' ? item.detail : item.detail !== item.label ? item.detail : undefined,
            info: item.help && item.kind === 'function' ? item.help : undefined,
            type: item.kind,
            apply: (v, _c, from, to) => {
              const caret = item.caret ?? (item.insert.endsWith('()') ? item.insert.length : undefined);
              v.dispatch({
                changes: { from, to, insert: item.insert },
                selection: { anchor: from + (caret ?? item.insert.length) },
                userEvent: 'input.complete',
              });
            },
          }),
        ),
      };
    };
    const single = lines === 'one';
    const extensions: Extension[] = [
      history(),
      theme,
      EditorView.lineWrapping,
      bracketMatching(),
      closeBrackets(),
      markup({ scope, template }),
      autocompletion({
        override: [source],
        icons: false,
        activateOnTyping: true,
        closeOnBlur: true,
        tooltipClass: () => styles.completions ?? '',
      }),
      placeholder ? placeholderText(placeholder) : [],
      editable.of([EditorState.readOnly.of(!!disabled), EditorView.editable.of(!disabled)]),
      EditorView.contentAttributes.of({
        'aria-label': label ?? '',
        ...(id ? { id } : {}),
        ...(describedBy ? { 'aria-describedby': describedBy } : {}),
        ...(invalid ? { 'aria-invalid': 'true' } : {}),
        // A dialog gives its focus to what carries this.
        ...(props.autoFocus ? { 'data-autofocus': '' } : {}),
        spellcheck: 'false',
      }),
      Prec.high(
        keymap.of([
          { key: 'Tab', run: acceptCompletion },
          { key: 'Mod-Space', run: startCompletion },
          {
            key: 'Shift-Alt-f',
            run: (v) => replaceAll(v, template ? v.state.doc.toString() : formatExpression(v.state.doc.toString())),
          },
          {
            key: 'Enter',
            run: (v) => {
              if (acceptCompletion(v)) return true;
              if (!single) return insertNewline(v);
              live.current.onEnter?.();
              return true;
            },
          },
        ]),
      ),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) live.current.onChange(update.state.doc.toString());
        if (update.focusChanged) {
          if (update.view.hasFocus) live.current.onFocus?.();
          else {
            settle(update.view, live.current);
            live.current.onBlur?.();
          }
        }
      }),
      // A field's title becomes the field once the caret has left the word; an input
      // method is not disturbed in the middle of one.
      EditorState.transactionFilter.of((tr) => {
        if (!tr.docChanged || !tr.isUserEvent('input.type') || tr.isUserEvent('input.type.compose')) return tr;
        const changes = keysMeant(tr.newDoc.toString(), live.current, tr.newSelection.main.head);
        return changes.length > 0 ? [tr, { changes, sequential: true }] : tr;
      }),
      // Signs of a Chinese input method become those of the language outside quotes.
      EditorView.inputHandler.of((v, from, to, text) => {
        if (template || text.length !== 1) return false;
        const plain = narrow(text);
        if (!plain || openQuote(v.state.doc.sliceString(0, from))) return false;
        v.dispatch({
          changes: { from, to, insert: plain },
          selection: { anchor: from + plain.length },
          userEvent: 'input.type',
        });
        return true;
      }),
      EditorView.domEventHandlers({
        paste: (event, v) => {
          const text = event.clipboardData?.getData('text/plain') ?? '';
          const next = template ? text : fromSpreadsheet(text, live.current.scope);
          const clean = single ? next.replace(/\s*\n\s*/g, ' ') : next;
          if (clean === text) return false;
          event.preventDefault();
          v.dispatch(v.state.replaceSelection(clean));
          return true;
        },
        mousedown: (event, v) => {
          // A click on a chip selects the whole of it.
          const chip = (event.target as HTMLElement).closest(`.${styles.chip}`);
          if (!chip) return false;
          const at = v.posAtDOM(chip);
          const ranges = v.state.facet(EditorView.atomicRanges).map((f) => f(v));
          for (const set of ranges) {
            let hit: { from: number; to: number } | undefined;
            set.between(at, at, (from, to) => {
              hit = { from, to };
              return false;
            });
            if (hit) {
              v.dispatch({ selection: { anchor: hit.from, head: hit.to } });
              v.focus();
              event.preventDefault();
              return true;
            }
          }
          return false;
        },
      }),
    ];
    const made = new EditorView({
      parent: host.current as HTMLElement,
      state: EditorState.create({ doc: value, extensions }),
    });
    view.current = made;
    if (props.autoFocus) {
      made.focus();
      made.dispatch({ selection: { anchor: made.state.doc.length } });
    }
    const handle: CodeHandle = {
      insert: (text, caret) => {
        const { from, to } = made.state.selection.main;
        // A word beside the new one needs a blank between.
        const before = made.state.doc.sliceString(Math.max(0, from - 1), from);
        const gap = !template && before !== '' && /[\p{L}\p{N}_)"\]]/u.test(before) ? ' ' : '';
        made.dispatch({
          changes: { from, to, insert: gap + text },
          selection: { anchor: from + gap.length + (caret ?? text.length) },
          userEvent: 'input',
        });
        made.focus();
      },
      format: () => replaceAll(made, formatExpression(made.state.doc.toString())),
      focus: () => made.focus(),
    };
    props.onReady?.(handle);
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== value)
      v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: setSetup.of({ scope, template }) });
  }, [scope, template]);

  useEffect(() => {
    const v = view.current;
    if (!v) return;
    const length = v.state.doc.length;
    const shown = (faults ?? []).map((fault): Diagnostic => {
      const from = Math.min(fault.from, length);
      const to = Math.min(Math.max(fault.to, from + 1), length);
      return { from: Math.min(from, to), to, severity: 'error', message: fault.message };
    });
    v.dispatch(setDiagnostics(v.state, shown));
  }, [faults]);

  return (
    <div ref={host} className={cx(styles.code, lines === 'one' && styles.one)} data-template={template || undefined} />
  );
}

function replaceAll(view: EditorView, text: string): boolean {
  if (text !== view.state.doc.toString())
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  return true;
}

/** Titles of fields in a text as changes to their keys. */
const keysMeant = (text: string, { scope, template = false }: CodeProps, caret?: number) =>
  titlesWritten(text, scope, template, caret).map(({ from, to, text: insert }) => ({ from, to, insert }));

/** Makes fields of the titles that are left when writing ends; a field may lead on to the next. */
function settle(view: EditorView, props: CodeProps) {
  if (props.disabled) return;
  for (let changes = keysMeant(view.state.doc.toString(), props); changes.length > 0; ) {
    view.dispatch({ changes });
    changes = keysMeant(view.state.doc.toString(), props);
  }
}

function openQuote(before: string): boolean {
  let mark = '';
  for (let i = 0; i < before.length; i++) {
    const c = before[i] as string;
    if (mark) {
      if (c === '\\') i++;
      else if (c === mark) mark = '';
    } else if (c === '"' || c === "'") mark = c;
  }
  return mark !== '';
}
