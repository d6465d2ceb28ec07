import { lazy, type ReactNode, Suspense, useState } from 'react';
import { cx, FieldFrame, type FrameProps, IconButton, Skeleton } from '@/kit';
import { whenIdle } from '@/kit/idle';
import { t } from '@/locales';
import { useBuilder } from '../context';
import styles from './CodeInput.module.css';
import type { CodeHandle } from './code-props';
import { FormulaDialog } from './FormulaDialog';
import type { Scope } from './refs';
import { type ServerCheck, useCheck } from './use-check';

// The editor is large: what is on the screen around it comes first.
const Code = lazy(async () => {
  await whenIdle();
  return { default: (await import('./Code')).Code };
});

export interface CodeInputProps extends FrameProps {
  value: string;
  onChange: (text: string) => void;
  scope: Scope;
  server?: ServerCheck;
  /** A text with expressions in braces. */
  template?: boolean;
  lines?: 'one' | 'many';
  placeholder?: string;
  disabled?: boolean;
  'aria-label'?: string;
  autoFocus?: boolean;
  /** Beside the button that opens the large editor. */
  extra?: ReactNode;
  /** Faults that the draft has at this place, shown while nothing better is known. */
  fault?: string;
}

/** An expression in a panel: chips and completion in place, a button for the large editor. */
export function CodeInput({
  value,
  onChange,
  scope,
  server,
  template,
  lines = 'one',
  placeholder,
  disabled,
  autoFocus,
  extra,
  fault,
  'aria-label': ariaLabel,
  error,
  ...frame
}: CodeInputProps) {
  const { parts } = useBuilder();
  const [open, setOpen] = useState(false);
  const [focused, setFocused] = useState(false);
  const [, setHandle] = useState<CodeHandle | null>(null);
  const checked = useCheck(value, scope, !!template, server);
  const first = checked.faults[0]?.message;
  // While somebody writes, half a word is no mistake yet.
  const shown = error ?? (focused ? undefined : (first ?? (checked.kind === null ? fault : undefined)));
  const name = ariaLabel ?? (typeof frame.label === 'string' ? frame.label : undefined);
  return (
    <FieldFrame {...frame} error={shown}>
      {(ids) => (
        <div
          className={cx(styles.box, focused && styles.focused)}
          data-invalid={shown ? true : undefined}
          data-disabled={disabled || undefined}
        >
          <Suspense fallback={<Skeleton height={20} className={styles.waiting} />}>
            <Code
              {...{ value, onChange, scope, parts, template, lines, placeholder, disabled, autoFocus }}
              faults={focused ? [] : checked.faults}
              id={ids.id}
              describedBy={ids['aria-describedby']}
              invalid={!!shown}
              label={name}
              onReady={setHandle}
              onFocus={() => setFocused(true)}
              onBlur={() => setFocused(false)}
            />
          </Suspense>
          <span className={styles.tools}>
            {extra}
            {!disabled && (
              <IconButton
                size="sm"
                icon={template ? 'formula' : 'maximize'}
                label={t('build.formula.open')}
                onClick={() => setOpen(true)}
              />
            )}
          </span>
          {open && (
            <FormulaDialog
              title={name ?? t('build.formula.title')}
              {...{ value, scope, server, template }}
              onClose={() => setOpen(false)}
              onSave={(text) => {
                onChange(text);
                setOpen(false);
              }}
            />
          )}
        </div>
      )}
    </FieldFrame>
  );
}
