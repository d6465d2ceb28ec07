import { type ComponentType, useEffect, useRef, useState } from 'react';
import { parse } from '@/expr/syntax';
import type { FieldContext } from '@/fields';
import { Button, cx, IconButton, Select, Textarea } from '@/kit';
import { t } from '@/locales';
import {
  type Condition,
  condition,
  type FormulaItem,
  formula,
  type Group,
  group,
  type Item,
  type Op,
  resolve,
  type Scope,
} from './condition';
import { FieldPicker } from './FieldPicker';
import styles from './filter.module.css';
import { arity, familyOf, firstOp, operatorsOf } from './operators';
import { incomplete, toExpr } from './print';
import { fromExpr } from './read';
import { ValueEditor } from './ValueEditor';
import { opText } from './words';

export interface FormulaProps {
  value: string;
  onChange: (text: string) => void;
  scope: Scope;
  /** It was just added, to be written at once. */
  autoFocus?: boolean;
  'aria-label': string;
}

export interface ConditionEditorProps {
  /** The expression. */
  value: string;
  onChange: (text: string) => void;
  scope: Scope;
  ctx: FieldContext;
  /** How formulas are written: the builder brings its editor with completion. */
  Formula?: ComponentType<FormulaProps>;
  /** Whether formulas are offered; those that are there are always shown. */
  formulas?: boolean;
  disabled?: boolean;
  /** Stands where there are no conditions. */
  empty?: string;
  /** Told with every change whether a row still misses something: the expression is silent about it. */
  onUnfinished?: (unfinished: boolean) => void;
  /** The rows that miss something say so: their reader wanted to be done. */
  asked?: boolean;
  /** What is written is taken at once, without a "done": a row with a field but no value says so. */
  live?: boolean;
  /** There has to be a condition. */
  required?: boolean;
}

/** Conditions as rows in and/or groups of two levels; what has no row is a formula. */
export function ConditionEditor({
  value,
  onChange,
  scope,
  ctx,
  Formula = PlainFormula,
  formulas = true,
  disabled,
  empty,
  onUnfinished,
  asked = false,
  live = false,
  required,
}: ConditionEditorProps) {
  const [root, setRoot] = useState(() => fromExpr(value, scope));
  // Rows that are not filled in say nothing yet: the rows stay the owner's until another text comes from outside.
  const sent = useRef(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setRoot(fromExpr(value, scope));
  }, [value, scope]);

  function change(next: Group) {
    setRoot(next);
    onUnfinished?.(incomplete(next, scope));
    const text = toExpr(next, scope);
    if (text === sent.current) return;
    sent.current = text;
    onChange(text);
  }

  const points = (item: Item) =>
    incomplete(item, scope) && (asked || (live && item.kind === 'condition' && item.path !== ''));

  return (
    <fieldset className={styles.editor} disabled={disabled} aria-label={t('filter.title')}>
      {root.items.length === 0 &&
        (asked && required ? (
          <p className={styles.fault} role="alert">
            {t('filter.needed')}
          </p>
        ) : (
          <p className={styles.none}>{empty ?? t('filter.none')}</p>
        ))}
      <Rows group={root} onChange={change} level={1} {...{ scope, ctx, Formula, formulas, points }} />
    </fieldset>
  );
}

interface RowsProps {
  group: Group;
  onChange: (group: Group) => void;
  /** Takes the whole group away; absent for the outermost. */
  onRemove?: () => void;
  level: number;
  scope: Scope;
  ctx: FieldContext;
  Formula: ComponentType<FormulaProps>;
  formulas: boolean;
  /** Whether a row says that it misses something. */
  points: (item: Item) => boolean;
}

function Rows({ group: g, onChange, onRemove, level, scope, ctx, Formula, formulas, points }: RowsProps) {
  const set = (items: Item[]) => onChange({ ...g, items });
  const replace = (item: Item) => set(g.items.map((i) => (i.id === item.id ? item : i)));
  const remove = (item: Item) => set(g.items.filter((i) => i.id !== item.id));
  const list = useRef<HTMLUListElement>(null);
  const [added, setAdded] = useState<Item['id'] | null>(null);
  const add = (item: Item) => {
    set([...g.items, item]);
    setAdded(item.id);
  };
  // Whoever adds a row goes on in it; a formula takes the focus itself, once its editor is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it was added
  useEffect(() => {
    const item = g.items.at(-1);
    if (item?.id !== added || item?.kind === 'formula') return;
    list.current?.lastElementChild?.children[1]?.querySelector<HTMLElement>('[role="combobox"]')?.focus();
  }, [added]);
  return (
    <>
      {g.items.length > 0 && (
        <ul ref={list} className={styles.rows}>
          {g.items.map((item, i) => (
            <li key={item.id} className={styles.row}>
              <span className={styles.join}>
                {i === 0 ? (
                  t('filter.when')
                ) : i === 1 ? (
                  <Select
                    size="sm"
                    bare
                    searchable={false}
                    aria-label={t('filter.join')}
                    value={g.join}
                    dropdownWidth={160}
                    options={[
                      { value: 'and', label: t('filter.and'), description: t('filter.all') },
                      { value: 'or', label: t('filter.or'), description: t('filter.any') },
                    ]}
                    onChange={(join) => join && onChange({ ...g, join })}
                  />
                ) : (
                  t(g.join === 'and' ? 'filter.and' : 'filter.or')
                )}
              </span>
              {item.kind === 'condition' ? (
                <ConditionRow item={item} onChange={replace} scope={scope} ctx={ctx} />
              ) : item.kind === 'formula' ? (
                <FormulaRow
                  item={item}
                  onChange={replace}
                  scope={scope}
                  Formula={Formula}
                  autoFocus={item.id === added}
                />
              ) : (
                // biome-ignore lint/a11y/useSemanticElements: a set of conditions inside the set
                <div className={styles.group} role="group" aria-label={t('filter.group')}>
                  <Rows
                    group={item}
                    onChange={replace}
                    onRemove={() => remove(item)}
                    level={level + 1}
                    {...{ scope, ctx, Formula, formulas, points }}
                  />
                </div>
              )}
              {item.kind !== 'group' && (
                <IconButton icon="x" size="sm" label={t('filter.remove')} onClick={() => remove(item)} />
              )}
              {item.kind !== 'group' && points(item) && (
                <p className={cx(styles.fault, styles.below)} role="alert">
                  {t('filter.unfinished')}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.adds}>
        <Button size="sm" variant="plain" icon="plus" onClick={() => add(condition('', 'eq'))}>
          {t('filter.addCondition')}
        </Button>
        {level === 1 && (
          <Button
            size="sm"
            variant="plain"
            icon="group"
            onClick={() => add(group(g.join === 'and' ? 'or' : 'and', [condition('', 'eq'), condition('', 'eq')]))}
          >
            {t('filter.addGroup')}
          </Button>
        )}
        {formulas && level === 1 && (
          <Button size="sm" variant="plain" icon="formula" onClick={() => add(formula(''))}>
            {t('filter.addFormula')}
          </Button>
        )}
        {onRemove && (
          <Button size="sm" variant="plain" icon="trash" className={styles.removeGroup} onClick={onRemove}>
            {t('filter.removeGroup')}
          </Button>
        )}
      </div>
    </>
  );
}

function ConditionRow({
  item,
  onChange,
  scope,
  ctx,
}: {
  item: Condition;
  onChange: (item: Condition) => void;
  scope: Scope;
  ctx: FieldContext;
}) {
  const found = item.path ? resolve(scope, item.path) : null;
  const field = found?.field;
  const ops = field ? operatorsOf(field, { changes: scope.changes && !found?.other }) : [];
  // Beside another record, a link may be compared with one of its fields.
  const linkable =
    field && ['ref', 'member', 'department', 'choice'].includes(familyOf(field)) && scope.others.length > 0;
  const offered = [...(linkable && !ops.includes('eq') ? (['eq', 'ne'] as Op[]) : []), ...ops];
  if (field && !offered.includes(item.op)) offered.unshift(item.op);

  function setPath(path: string) {
    const next = resolve(scope, path);
    if (!next) return;
    const same =
      field && familyOf(field) === familyOf(next.field) && (field.choices ?? null) === (next.field.choices ?? null);
    onChange(same ? { ...item, path } : { ...item, path, op: firstOp(next.field), value: undefined });
  }

  function setOp(op: Op) {
    const keep = arity(op) === arity(item.op);
    const one = Array.isArray(item.value) ? item.value[0] : item.value;
    const value = keep
      ? item.value
      : arity(op) === 'many' && arity(item.op) === 'one'
        ? [item.value].filter(Boolean)
        : arity(op) === 'one'
          ? one
          : undefined;
    // A link compared with "equals" stands beside a field of the other record.
    onChange({ ...item, op, value: linkable && (op === 'eq' || op === 'ne') ? { fn: 'field', path: '' } : value });
  }

  return (
    <div className={cx(styles.condition, arity(item.op) === 'none' && styles.bare)}>
      <div className={styles.field}>
        <FieldPicker value={item.path} onChange={setPath} scope={scope} />
      </div>
      {field && (
        <div className={styles.op}>
          <Select
            size="sm"
            searchable={false}
            aria-label={t('filter.operator')}
            value={item.op}
            options={offered.map((op) => ({ value: op, label: opText(op, field) }))}
            onChange={(op) => op && setOp(op)}
          />
        </div>
      )}
      {field && arity(item.op) !== 'none' && (
        <div className={styles.value}>
          <ValueEditor
            field={field}
            op={item.op}
            value={item.value}
            onChange={(value) => onChange({ ...item, value })}
            scope={scope}
            ctx={ctx}
          />
        </div>
      )}
    </div>
  );
}

function FormulaRow({
  item,
  onChange,
  scope,
  Formula,
  autoFocus,
}: {
  item: FormulaItem;
  onChange: (item: FormulaItem) => void;
  scope: Scope;
  Formula: ComponentType<FormulaProps>;
  autoFocus: boolean;
}) {
  return (
    <div className={styles.formula}>
      <Formula
        value={item.text}
        onChange={(text) => onChange({ ...item, text })}
        scope={scope}
        autoFocus={autoFocus}
        aria-label={t('filter.formula')}
      />
    </div>
  );
}

/** A formula as text, for members; builders get completion and help. */
function PlainFormula({ value, onChange, autoFocus, 'aria-label': label }: FormulaProps) {
  const [left, setLeft] = useState(true);
  return (
    <Textarea
      aria-label={label}
      autoFocus={autoFocus}
      minRows={1}
      maxRows={6}
      spellCheck={false}
      value={value}
      onChange={onChange}
      onFocus={() => setLeft(false)}
      onBlur={() => setLeft(true)}
      help={value === '' ? t('filter.formulaHelp') : undefined}
      error={left && value.trim() !== '' && !readable(value) ? t('filter.formulaFault') : undefined}
    />
  );
}

function readable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
