import { createContext, useContext, useMemo, useState } from 'react';
import type { Runtime } from '@/api/types';
import { Button, FieldFrame, type FrameProps, Icon } from '@/kit';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { ConditionEditor, type ConditionEditorProps, describe, type FormulaProps, fromExpr } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { CodeInput } from '../formula/CodeInput';
import type { Scope } from '../formula/refs';
import { type ServerCheck, useCheck } from '../formula/use-check';
import styles from './ConditionField.module.css';
import { type Sight, useFilterScope } from './filter-scope';

export interface ConditionFieldProps extends FrameProps, Sight {
  value: string;
  onChange: (text: string) => void;
  /** What its formulas may name. */
  scope: Scope;
  /** The entity whose records are tested. */
  entity: string | undefined;
  server?: ServerCheck;
  runtime: Runtime;
  disabled?: boolean;
  /** What holds without a condition, e.g. "all records". */
  empty?: string;
  /** What the condition decides, where no label says it: names the button and the drawer. */
  title?: string;
}

/** What an editor with a "done" knows of its rows: with one unfinished it does not close, and says which. */
export function useRowsDone(required: boolean) {
  const [unfinished, setUnfinished] = useState(false);
  const [asked, setAsked] = useState(false);
  return {
    rows: { onUnfinished: setUnfinished, asked, required },
    /** Whether the condition may be taken as it is. */
    done: (value: string) => {
      const whole = !unfinished && !(required && value.trim() === '');
      setAsked(!whole);
      return whole;
    },
    reset: () => {
      setUnfinished(false);
      setAsked(false);
    },
  };
}

const Formulas = createContext<{ scope: Scope; server?: ServerCheck } | null>(null);

/** The formula rows of a condition get the builder's editor. */
function Formula({ value, onChange, autoFocus, 'aria-label': label }: FormulaProps) {
  const around = useContext(Formulas);
  if (!around) return null;
  return (
    <CodeInput
      lines="many"
      aria-label={label}
      autoFocus={autoFocus}
      value={value}
      onChange={onChange}
      scope={around.scope}
      server={around.server && { ...around.server, expect: 'bool' }}
      placeholder={t('build.formula.placeholder')}
    />
  );
}

/** Rows and formulas of one condition, in place. */
export function ConditionRows({
  value,
  onChange,
  scope,
  entity,
  root = '',
  others = [],
  changes = false,
  server,
  runtime,
  disabled,
  empty,
  onUnfinished,
  asked,
  live,
  required,
}: Omit<ConditionFieldProps, keyof FrameProps> &
  Pick<ConditionEditorProps, 'onUnfinished' | 'asked' | 'live' | 'required'>) {
  const ctx = useFieldContext();
  const filterScope = useFilterScope(entity, runtime, { root, others, changes });
  const around = useMemo(() => ({ scope, server }), [scope, server]);
  if (!filterScope)
    return (
      <CodeInput
        lines="many"
        aria-label={t('build.condition')}
        value={value}
        onChange={onChange}
        scope={scope}
        server={server && { ...server, expect: 'bool' }}
      />
    );
  return (
    <Formulas value={around}>
      <ConditionEditor
        value={value}
        onChange={onChange}
        scope={filterScope}
        ctx={ctx}
        Formula={Formula}
        disabled={disabled}
        {...{ empty, onUnfinished, asked, live, required }}
      />
    </Formulas>
  );
}

/** A condition in words. */
export function useConditionWords(
  value: string,
  entity: string | undefined,
  runtime: Runtime,
  sight: Sight = {},
): string[] {
  const ctx = useFieldContext();
  const scope = useFilterScope(entity, runtime, sight);
  if (value.trim() === '') return [];
  if (!scope) return [value];
  const group = fromExpr(value, scope);
  if (group.join === 'or' && group.items.length > 1) return [describe(group, scope, ctx)];
  return group.items.map((item) => describe(item, scope, ctx));
}

/** A condition in a panel: its words, and the editor in a drawer. */
export function ConditionField({
  value,
  onChange,
  label,
  help,
  error,
  required,
  className,
  disabled,
  empty,
  title,
  ...rest
}: ConditionFieldProps) {
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(value);
  const { rows, done, reset } = useRowsDone(false);
  const words = useConditionWords(value, rest.entity, rest.runtime, rest);
  const checked = useCheck(value, rest.scope, false, rest.server && { ...rest.server, expect: 'bool' });
  const fault = checked.faults[0]?.message ?? (checked.kind === null ? error : undefined);
  const name = title ?? (typeof label === 'string' ? label : t('build.condition'));
  const said = words.length === 0 ? (empty ?? t('build.noCondition')) : words.join(t('common.comma'));
  return (
    <FieldFrame {...{ label, help, required, className }} error={fault}>
      {(ids) => (
        <>
          <button
            type="button"
            className={styles.field}
            disabled={disabled}
            data-invalid={fault ? true : undefined}
            aria-label={title && `${title}${t('build.colon')}${said}`}
            id={ids.id}
            aria-describedby={ids['aria-describedby']}
            onClick={() => {
              setDraft(value);
              reset();
              setOpen(true);
            }}
          >
            {words.length === 0 ? (
              <span className={empty ? styles.standing : styles.none}>{empty ?? t('build.noCondition')}</span>
            ) : (
              <span className={styles.words}>
                {words.map((w) => (
                  <span key={w} className={styles.word}>
                    {w}
                  </span>
                ))}
              </span>
            )}
            <Icon name="filter" size={14} className={styles.icon} />
          </button>
          <Drawer
            opened={open}
            onClose={() => setOpen(false)}
            title={name}
            width={720}
            footer={
              <>
                <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
                <Button
                  variant="primary"
                  onClick={() => {
                    if (!done(draft)) return;
                    onChange(draft);
                    setOpen(false);
                  }}
                >
                  {t('common.done')}
                </Button>
              </>
            }
          >
            {open && <ConditionRows value={draft} onChange={setDraft} empty={empty} {...rest} {...rows} />}
          </Drawer>
        </>
      )}
    </FieldFrame>
  );
}
