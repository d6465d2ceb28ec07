import type { Entity, Field, FieldDefault, Json } from '@/api/types';
import { fieldOf } from '@/fields';
import { Select, TextInput } from '@/kit';
import { t } from '@/locales';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder, useDocs } from '../context';
import { CodeInput } from '../formula/CodeInput';
import type { Scope } from '../formula/refs';
import type { ServerCheck } from '../formula/use-check';
import type { FieldPart } from '../parts';
import { runtimeField } from '../preview';

type Way = 'none' | 'value' | 'current' | 'formula' | 'url_param';

export interface DefaultEditorProps {
  entity: Entity;
  field: Field;
  part: FieldPart;
  scope: Scope;
  server?: ServerCheck;
  error?: string;
  onChange: (value: FieldDefault | undefined) => void;
}

/** What a new record starts with: a fixed value, who or when it is, a formula, a parameter of the address. */
export function DefaultEditor({ entity, field, part, scope, server, error, onChange }: DefaultEditorProps) {
  const docs = useDocs();
  const { parts } = useBuilder();
  const ctx = useFieldContext();
  const now = field.default;
  const way: Way = !now
    ? 'none'
    : now.value !== undefined
      ? 'value'
      : now.current
        ? 'current'
        : now.formula !== undefined
          ? 'formula'
          : now.url_param !== undefined
            ? 'url_param'
            : 'none';
  const current = part.traits.holds_member
    ? 'member'
    : part.traits.holds_department
      ? 'department'
      : part.kind === 'date'
        ? 'date'
        : part.kind === 'time'
          ? 'time'
          : null;
  // Files and records of other forms have no value that is right for everybody.
  const fixed = !part.traits.holds_file && !part.traits.holds_ref;
  const type = fieldOf(field.type);
  const ways = (['none', fixed && 'value', current && 'current', 'formula', 'url_param'] as const).filter(
    (w): w is Way => !!w,
  );

  function choose(next: Way) {
    if (next === way) return;
    if (next === 'none') onChange(undefined);
    else if (next === 'value') onChange({ value: part.kind === 'bool' ? true : null });
    else if (next === 'current' && current) onChange({ current });
    else if (next === 'formula') onChange({ formula: '' });
    else onChange({ url_param: field.key });
  }

  return (
    <>
      <Select
        label={t('build.default.title')}
        error={error}
        value={way}
        onChange={(v) => choose((v ?? 'none') as Way)}
        options={ways.map((w) => ({
          value: w,
          label: w === 'current' ? t(`build.default.current_${current ?? 'member'}`) : t(`build.default.${w}`),
        }))}
      />
      {way === 'value' && (
        <type.Input
          aria-label={t('build.default.value')}
          value={(now?.value ?? type.empty) as never}
          onChange={(v: unknown) => onChange({ value: (v ?? null) as Json })}
          field={runtimeField(field, docs, parts, entity)}
          ctx={ctx}
        />
      )}
      {way === 'formula' && (
        <CodeInput
          aria-label={t('build.default.formula')}
          lines="many"
          value={now?.formula ?? ''}
          onChange={(formula) => onChange({ formula })}
          scope={scope}
          server={server}
          fault={error}
          placeholder={t('build.formula.placeholder')}
        />
      )}
      {way === 'url_param' && (
        <TextInput
          aria-label={t('build.default.url_param')}
          help={t('build.default.urlHelp', { name: now?.url_param || field.key })}
          value={now?.url_param ?? ''}
          onChange={(url_param) => onChange({ url_param })}
        />
      )}
    </>
  );
}
