// React's side of the form model.
import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { FieldContext } from '@/fields/define';
import { inputsReady, preloadInputs } from '@/fields/index';
import { whenIdle } from '@/kit/idle';
import { fieldNodes } from './layout';
import { type FieldState, FormModel, type FormOptions, type FormState } from './model';

/** A model that lives as long as the component; made anew when the key changes. */
export function useFormModel(key: string, options: () => FormOptions): FormModel {
  const held = useRef<{ key: string; model: FormModel } | null>(null);
  if (held.current?.key !== key) {
    held.current?.model.dispose();
    held.current = { key, model: new FormModel(options()) };
  }
  useEffect(() => () => held.current?.model.dispose(), []);
  return held.current.model;
}

/** The types of a form's fields, columns of sub-forms included. */
function typesOf(model: FormModel): string[] {
  return fieldNodes(model.form.layout).flatMap((node) => {
    const field = model.field(node.field ?? '');
    return field ? [field.type, ...(field.fields ?? []).map((column) => column.type)] : [];
  });
}

/**
 * Downloads a form's controls together; true when all are there, so that none pops in late.
 * A form that is read first gets them when the page has been drawn.
 */
export function useControls(model: FormModel, reading = false): boolean {
  const types = useMemo(() => typesOf(model), [model]);
  const [ready, setReady] = useState(() => inputsReady(types));
  useEffect(() => {
    let gone = false;
    // A control that cannot be had now is asked for again by itself.
    const all = reading ? whenIdle().then(() => preloadInputs(types)) : preloadInputs(types);
    all.then(
      () => !gone && setReady(true),
      () => !gone && setReady(true),
    );
    return () => {
      gone = true;
    };
  }, [types, reading]);
  return ready;
}

export function useFieldState(model: FormModel, key: string): FieldState {
  return useSyncExternalStore(
    useMemo(() => (listener: () => void) => model.subscribe(key, listener), [model, key]),
    () => model.fieldState(key),
  );
}

export function useFormState(model: FormModel): FormState {
  return useSyncExternalStore(model.subscribeForm, model.formState);
}

/** The page's field context with the names and the waiting of one form. */
export function useFormContext(model: FormModel, ctx: FieldContext): FieldContext {
  const [names, setNames] = useState<Record<string, string>>({});
  return useMemo(
    () => ({
      ...ctx,
      names: { ...ctx.names, ...model.names, ...names },
      learn: (more) => {
        model.learn(more);
        setNames((all) => ({ ...all, ...more }));
      },
      busy: model.busy,
    }),
    [ctx, model, names],
  );
}

export interface FormSurroundings {
  model: FormModel;
  ctx: FieldContext;
  /** edit: controls for everything; record: values that turn into controls where they are clicked. */
  mode: 'edit' | 'record';
  /** Explains why a field is read-only or masked. */
  why?: (field: string) => Promise<string[]>;
}

const Surroundings = createContext<FormSurroundings | null>(null);
export const FormProvider = Surroundings.Provider;

export function useForm(): FormSurroundings {
  const value = useContext(Surroundings);
  if (!value) throw new Error('useForm outside a form');
  return value;
}
