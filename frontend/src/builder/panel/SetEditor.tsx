import { useState } from 'react';
import type { Json, RuntimeField } from '@/api/types';
import { tokenize, unquote } from '@/expr/tokens';
import { fieldOf } from '@/fields';
import { FieldFrame, IconButton, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useFieldContext } from '@/runtime/form/context';
import { literal } from '@/views/shared/where';
import { useBuilder, useDocs } from '../context';
import { useFaults } from '../faults';
import { CodeInput } from '../formula/CodeInput';
import { fieldsOf, systemFields } from '../formula/refs';
import { entityOf } from '../model';
import { runtimeField, systemRuntimeFields } from '../preview';
import styles from './panel.module.css';
import type { PanelScope } from './panel-context';

/** The value of an expression that is a literal; undefined for anything computed. */
export function literalValue(source: string): Json | undefined {
  const tokens = tokenize(source);
  const [first] = tokens;
  if (!first) return undefined;
  const one = (i: number): { value: Json; next: number } | undefined => {
    const token = tokens[i];
    if (!token) return undefined;
    if (token.kind === 'text') return { value: unquote(token).value, next: i + 1 };
    if (token.kind === 'number') return { value: Number(token.text.replaceAll('_', '')), next: i + 1 };
    if (token.text === '-' && tokens[i + 1]?.kind === 'number')
      return { value: -Number(tokens[i + 1]?.text.replaceAll('_', '')), next: i + 2 };
    if (token.text === 'true' || token.text === 'false') return { value: token.text === 'true', next: i + 1 };
    if (token.text === 'nil' || token.text === 'null') return { value: null, next: i + 1 };
    if (token.text === '[') {
      const items: Json[] = [];
      let at = i + 1;
      while (tokens[at] && tokens[at]?.text !== ']') {
        const item = one(at);
        if (!item || Array.isArray(item.value)) return undefined;
        items.push(item.value);
        at = item.next;
        if (tokens[at]?.text === ',') at++;
      }
      return tokens[at] ? { value: items, next: at + 1 } : undefined;
    }
    return undefined;
  };
  const found = one(0);
  return found?.next === tokens.length ? found.value : undefined;
}

/** Whether a field's own control can give the value: not files, rows and the like. */
const plainKinds = new Set(['text', 'number', 'bool', 'date', 'time', 'list', 'ref']);

export interface SetEditorProps {
  label: string;
  help?: string;
  error?: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  /** The entity whose fields get values. */
  target: string | undefined;
  panel: PanelScope;
  path: (string | number)[];
}

/** Fields and the values they get: a fixed one in the field's own control, or an expression. */
export function SetEditor({ label, help, error, value, onChange, target, panel, path }: SetEditorProps) {
  const docs = useDocs();
  const { parts } = useBuilder();
  const faultAt = useFaults(panel.place);
  const entity = entityOf(docs, target);
  const set = (value && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Record<string, string>;
  const all: RuntimeField[] = entity
    ? [
        ...entity.fields.map((f) => runtimeField(f, docs, parts, entity)),
        ...systemRuntimeFields(systemFields(fieldsOf(entity))).filter((f) => f.key === 'owner'),
      ]
    : [];
  const offered = all
    .filter((f) => !f.traits.computed && !(f.id in set) && !(f.key in set))
    .map((f) => ({ value: f.id, label: textOf(f.name), icon: parts.fields.get(f.type)?.icon ?? 'text' }));
  const scope =
    entity && target !== panel.entity
      ? { ...panel.scope, roots: { ...panel.scope.roots, it: fieldsOf(entity) } }
      : panel.scope;
  const put = (key: string, source: string | undefined) => {
    const next = { ...set };
    if (source === undefined) delete next[key];
    else next[key] = source;
    onChange(Object.keys(next).length ? next : undefined);
  };
  return (
    <FieldFrame
      label={label}
      help={Object.keys(set).length === 0 ? help : undefined}
      error={Object.keys(set).length === 0 ? error : undefined}
      group="group"
    >
      {() => (
        <div className={styles.items}>
          {Object.entries(set).map(([key, source]) => {
            const field = all.find((f) => f.id === key || f.key === key);
            return (
              <Assignment
                key={key}
                name={textOf(field?.name) || key}
                field={field}
                source={source}
                panel={{ ...panel, scope }}
                fault={faultAt([...path, key])}
                onChange={(next) => put(key, next)}
                onRemove={() => put(key, undefined)}
              />
            );
          })}
          <Select
            size="sm"
            aria-label={t('build.panel.addField')}
            placeholder={entity ? t('build.panel.addField') : t('build.panel.formFirst')}
            disabled={!entity}
            options={offered}
            value={null}
            onChange={(key) => {
              const field = all.find((f) => f.id === key);
              if (field) put(field.id, '');
            }}
          />
        </div>
      )}
    </FieldFrame>
  );
}

interface AssignmentProps {
  name: string;
  field: RuntimeField | undefined;
  source: string;
  panel: PanelScope;
  fault?: string;
  onChange: (source: string) => void;
  onRemove: () => void;
}

function Assignment({ name, field, source, panel, fault, onChange, onRemove }: AssignmentProps) {
  const ctx = useFieldContext();
  const fixed = source === '' ? null : literalValue(source);
  const possible = !!field && plainKinds.has(field.kind) && !field.traits.holds_ref && !field.traits.holds_file;
  const [mode, setMode] = useState<'value' | 'formula'>(
    source !== '' && fixed === undefined ? 'formula' : possible ? 'value' : 'formula',
  );
  const asValue = mode === 'value' && possible && fixed !== undefined && field;
  const Input = asValue ? fieldOf(field.type).Input : null;
  return (
    <div className={styles.item}>
      <div className={styles.itemBody}>
        {asValue && Input ? (
          <Input
            label={name}
            value={fixed as never}
            onChange={(v: unknown) => onChange(v === null || v === undefined ? 'nil' : literal(v))}
            field={field}
            ctx={ctx}
            error={fault}
          />
        ) : (
          <CodeInput
            label={name}
            lines="many"
            value={source}
            onChange={onChange}
            scope={panel.scope}
            server={panel.server}
            fault={fault}
            placeholder={t('build.formula.placeholder')}
          />
        )}
      </div>
      <div className={styles.itemTools}>
        <IconButton size="sm" icon="x" label={t('common.removeItem', { name })} onClick={onRemove} />
        {possible && (fixed !== undefined || mode === 'value') && (
          <IconButton
            size="sm"
            icon={asValue ? 'formula' : 'pen'}
            active={!asValue}
            label={asValue ? t('build.panel.useFormula') : t('build.panel.useValue')}
            onClick={() => setMode(asValue ? 'formula' : 'value')}
          />
        )}
      </div>
    </div>
  );
}
