// One field of a form: its control while it is edited, its value while it is read.
import { type CSSProperties, lazy, memo, Suspense, useEffect, useRef, useState } from 'react';
import type { LayoutNode, RuntimeField } from '@/api/types';
import { isEmpty } from '@/fields/define';
import { fills } from '@/fields/fill';
import { fieldOf } from '@/fields/index';
import { ReadOnly } from '@/fields/ReadOnly';
import { cx } from '@/kit/cx';
import { Icon } from '@/kit/Icon';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './form.module.css';
import type { FormModel } from './model';
import { useFieldState, useForm, useFormState } from './use-model';

const WhyButton = lazy(async () => ({ default: (await import('./WhyButton')).WhyButton }));

export interface FormFieldProps {
  field: RuntimeField;
  node: LayoutNode;
}

export const FormField = memo(function FormField({ field, node }: FormFieldProps) {
  const { model, mode } = useForm();
  const state = useFieldState(model, field.key);
  if (!state.visible || !field.readable) return null;
  const label = textOf(node.label) || textOf(field.name);
  const help = textOf(node.help) || textOf(field.help) || undefined;
  const writable =
    field.writable && !field.traits.computed && !field.traits.generated && !node.read_only && !state.locked;
  const width = node.width ?? fieldOf(field.type).span ?? 6;
  return (
    <div className={styles.cell} data-field={field.key} data-span={width} style={{ '--span': width } as CSSProperties}>
      {mode === 'edit' ? (
        <Control {...{ field, label, help, writable }} id={controlId(model, field.key)} />
      ) : (
        <Shown {...{ field, label, help, writable }} wide={width >= 12} />
      )}
    </div>
  );
});

/** The id of a field's control, for jumping to it; forms that are open together have their own. */
export function controlId(model: FormModel, key: string): string {
  return `field-${model.number}-${key}`;
}

interface Part {
  field: RuntimeField;
  label: string;
  help: string | undefined;
  writable: boolean;
}

function Control({
  field,
  label,
  help,
  writable,
  id,
  bare,
  autoFocus,
}: Part & { id: string; bare?: boolean; autoFocus?: boolean }) {
  const { model, ctx } = useForm();
  const state = useFieldState(model, field.key);
  const type = fieldOf(field.type);
  const entity = field.link?.entity;
  const takesInput = writable || field.traits.computed || field.traits.generated;
  const shared = {
    id,
    field,
    ctx,
    value: state.value,
    label: bare ? undefined : label,
    'aria-label': bare ? label : undefined,
    help: bare ? undefined : help,
    error: state.error,
    required: state.required && writable,
  };
  if (!takesInput) {
    return (
      <ReadOnly props={{ ...shared, onChange: () => {} }}>
        {isEmpty(state.value) ? null : (
          <type.Cell value={state.value} field={field} ctx={ctx} variant="detail" record={model.id} />
        )}
      </ReadOnly>
    );
  }
  return (
    <type.Input
      {...shared}
      autoFocus={autoFocus}
      disabled={!writable}
      record={model.current()}
      faults={state.faults}
      onFixed={(path) => model.fixed(field.key, path)}
      onChange={(value) => model.set(field.key, value)}
      onPicked={
        entity
          ? async (target) => {
              // Formulas and fill rules need more of the other record than lists show.
              const whole =
                target && (fills(field) || ctx.app?.load)
                  ? await ctx.app?.load?.(entity, target.id).catch(() => target)
                  : target;
              model.pick(field, whole ?? target);
            }
          : undefined
      }
    />
  );
}

/** A value that turns into its control where it is clicked, or reached by the keyboard and Enter. */
function Shown({ field, label, help, writable, wide }: Part & { wide: boolean }) {
  const { model, ctx, why } = useForm();
  const state = useFieldState(model, field.key);
  const [editing, setEditing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const entered = useRef(false);
  const epoch = model.formState().epoch;
  const seen = useRef(epoch);
  if (seen.current !== epoch) {
    // Saved, given up or taken over: everything is shown again.
    seen.current = epoch;
    if (editing) setEditing(false);
  }
  const { dirty } = useFormState(model);
  // What an edit makes necessary opens by itself.
  const wanted = dirty && !!field.required_when && state.required && isEmpty(state.value);
  const open = editing || (writable && (state.error !== undefined || wanted));
  const type = fieldOf(field.type);

  useEffect(() => {
    if (!editing || !entered.current) return;
    entered.current = false;
    return focusControl(box.current, true);
  }, [editing]);

  const begin = () => {
    if (!writable) return;
    entered.current = true;
    setEditing(true);
  };

  return (
    <div ref={box} className={cx(styles.shown, wide && styles.wide)}>
      <div className={styles.name} title={help}>
        <span className={styles.nameText}>
          {label}
          {state.required && writable && isEmpty(state.value) && (
            <span className={styles.must} aria-hidden>
              {' *'}
            </span>
          )}
        </span>
        {state.changed && <span className={styles.changed} role="img" aria-label={t('record.changed')} />}
        {!writable && why && (
          <Suspense>
            <WhyButton
              field={field}
              label={label}
              locked={field.writable && !field.traits.computed && !field.traits.generated}
              derived={!!field.traits.computed || !!field.traits.generated}
              why={why}
            />
          </Suspense>
        )}
      </div>
      {open ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its control leaves over
        <div
          className={styles.edit}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && !e.defaultPrevented && !e.nativeEvent.isComposing) {
              e.preventDefault();
              e.stopPropagation();
              if (state.changed) model.set(field.key, model.saved()[field.key] ?? null);
              setEditing(false);
            }
          }}
          onBlur={() => {
            // The focus is elsewhere only after the event; lists of choices live outside this box.
            setTimeout(() => {
              const inside =
                box.current?.contains(document.activeElement) ||
                box.current?.querySelector('[aria-expanded="true"], [data-open]');
              if (
                !inside &&
                document.hasFocus() &&
                !model.fieldState(field.key).changed &&
                document.activeElement !== document.body
              )
                setEditing(false);
            }, 120);
          }}
        >
          <Control {...{ field, label, help, writable }} id={controlId(model, field.key)} bare />
        </div>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the pointer; the button inside is the keyboard's
        // biome-ignore lint/a11y/useKeyWithClickEvents: the same
        <div
          className={cx(styles.value, writable && styles.live)}
          onClick={(e) => {
            if ((e.target as HTMLElement).closest('a, button')) return;
            // Selecting words to copy them is no wish to edit.
            if (!window.getSelection()?.isCollapsed) return;
            begin();
          }}
        >
          {isEmpty(state.value) ? (
            <span className={styles.placeholder}>{writable ? t('record.fillIn') : ''}</span>
          ) : (
            <type.Cell value={state.value} field={field} ctx={ctx} variant="detail" record={model.id} />
          )}
          {writable && (
            <button
              type="button"
              id={controlId(model, field.key)}
              className={styles.begin}
              aria-label={t('record.editField', { name: label })}
              onClick={begin}
            >
              <Icon name="pen" size={14} className={styles.pen} />
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Puts the focus on the control inside a box; waits while it is downloaded. */
export function focusControl(box: HTMLElement | null, openLists: boolean): () => void {
  let tries = 0;
  let timer: ReturnType<typeof setTimeout>;
  const attempt = () => {
    const control = box?.querySelector<HTMLElement>(
      'input:not([type="file"]), textarea, [role="combobox"], [contenteditable="true"], canvas, button',
    );
    if (!control && tries++ < 40) {
      timer = setTimeout(attempt, 50);
      return;
    }
    control?.focus();
    if (openLists && control?.getAttribute('role') === 'combobox' && control.getAttribute('aria-expanded') !== 'true')
      control.click();
  };
  attempt();
  return () => clearTimeout(timer);
}
