// The controls that options schemas ask for by name. Each is small; what is
// larger (choices, fill rules, assignments) has a file of its own.
import type { ReactNode } from 'react';
import type { Field, Json, RuntimeField, Text } from '@/api/types';
import {
  Button,
  IconButton,
  MultiSelect,
  NumberInput,
  type Option,
  Popover,
  Segmented,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@/kit';
import { DateInput } from '@/kit/DateInput';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { IconGrid } from '@/runtime/IconHueField';
import { useBuilder, useDocs, usePreview } from '../context';
import { CodeInput } from '../formula/CodeInput';
import { fieldsOf, systemFields } from '../formula/refs';
import { entities, entityOf, roles, rules } from '../model';
import type { Hints, OptionsSchema } from '../parts';
import { fits, runtimeField, systemRuntimeFields } from '../preview';
import { ChoicesEditor } from './ChoicesEditor';
import { ConditionField } from './ConditionField';
import { FillEditor } from './FillEditor';
import { LocalText } from './LocalText';
import { PeopleExpr } from './PeopleExpr';
import { DepartmentSelect, MemberSelect } from './PeopleSelect';
import styles from './panel.module.css';
import type { PanelScope } from './panel-context';
import { type Options, SchemaPanel } from './SchemaPanel';
import { SetEditor } from './SetEditor';

export interface ControlProps {
  name: string;
  schema: OptionsSchema;
  ui: Hints;
  label: string;
  help?: string;
  error?: string;
  required?: boolean;
  value: Json | undefined;
  /** The options beside this one. */
  siblings: Options;
  /** The entity that this panel or the one around it names. */
  entity?: string;
  onChange: (value: Json | undefined) => void;
  panel: PanelScope;
  path: (string | number)[];
  disabled?: boolean;
}

const renderers: Record<string, (props: ControlProps) => ReactNode> = {
  switch: SwitchControl,
  number: NumberControl,
  text: TextControl,
  select: SelectControl,
  entity: EntityControl,
  field: FieldControl,
  expr: ExprControl,
  group: GroupControl,
  list: ListControl,
  choices: (p) => <ChoicesEditor label={p.label} help={p.help} error={p.error} value={p.value} onChange={p.onChange} />,
  fill: (p) => (
    <FillEditor label={p.label} help={p.help} value={p.value} onChange={p.onChange} target={p.entity} own={p.panel} />
  ),
  set: (p) => (
    <SetEditor
      label={p.label}
      help={p.help}
      error={p.error}
      value={p.value}
      onChange={p.onChange}
      target={p.ui.entity ? (p.siblings[p.ui.entity] as string | undefined) : p.panel.entity}
      panel={p.panel}
      path={p.path}
    />
  ),
  member: (p) => (
    <MemberSelect
      {...frame(p)}
      many={!!p.ui.many}
      value={ids(p.value)}
      onChange={(v) => p.onChange(picked(v, p.ui.many))}
    />
  ),
  department: (p) => (
    <DepartmentSelect
      {...frame(p)}
      many={!!p.ui.many}
      value={ids(p.value)}
      onChange={(v) => p.onChange(picked(v, p.ui.many))}
    />
  ),
  role: RoleControl,
  button: ButtonControl,
  date: (p) => (
    <DateInput
      {...frame(p)}
      clearable
      value={typeof p.value === 'string' ? p.value : null}
      onChange={(v) => p.onChange(v ?? undefined)}
    />
  ),
  icon: IconControl,
};

/** One option, by the control that its schema names; by its shape where the control is unknown. */
export function Control(props: ControlProps) {
  const render =
    renderers[props.ui.control] ??
    (props.schema.type === 'boolean' ? SwitchControl : props.schema.type === 'array' ? ListControl : TextControl);
  return render(props);
}

const frame = (p: ControlProps) => ({
  label: p.label,
  help: p.help,
  error: p.error,
  required: p.required,
  disabled: p.disabled,
});
const ids = (value: Json | undefined): string[] =>
  Array.isArray(value)
    ? value.filter((v): v is string => typeof v === 'string')
    : typeof value === 'string' && value
      ? [value]
      : [];
const picked = (list: string[], many: boolean | undefined): Json | undefined =>
  many ? (list.length ? list : undefined) : list[0];

function SwitchControl(p: ControlProps) {
  const on = p.value === undefined ? p.schema.default === true : p.value === true;
  return (
    <Switch
      spread
      label={p.label}
      help={p.help}
      disabled={p.disabled}
      checked={on}
      onChange={(checked) => p.onChange(checked === (p.schema.default === true) ? undefined : checked)}
    />
  );
}

function NumberControl(p: ControlProps) {
  const whole = p.schema.type === 'integer';
  const limits =
    whole && p.schema.maximum !== undefined && p.schema.maximum < 1000
      ? t('build.panel.between', { min: p.schema.minimum ?? 0, max: p.schema.maximum })
      : undefined;
  const value = typeof p.value === 'number' || typeof p.value === 'string' ? p.value : null;
  const outside =
    whole && typeof value === 'number' && (value < (p.schema.minimum ?? value) || value > (p.schema.maximum ?? value));
  return (
    <NumberInput
      {...frame(p)}
      error={p.error ?? (outside ? limits : undefined)}
      value={value}
      exact={!whole}
      scale={whole ? 0 : undefined}
      placeholder={
        p.schema.default !== undefined ? t('common.standing', { value: String(p.schema.default) }) : undefined
      }
      onChange={(next) =>
        p.onChange(
          next === null
            ? undefined
            : whole
              ? Number(next)
              : typeof next === 'string' && next.replace(/\D/g, '').length <= 15
                ? Number(next)
                : next,
        )
      }
    />
  );
}

function TextControl(p: ControlProps) {
  const long = (p.schema.maxLength ?? 0) > 200 || maxOf(p.schema) > 200;
  if (p.panel.templates && (p.ui.localized || long)) {
    return (
      <LocalText
        {...frame(p)}
        template
        panel={p.panel}
        long={long}
        localized={!!p.ui.localized}
        value={p.value as Text | undefined}
        onChange={(v) => p.onChange(v as Json)}
      />
    );
  }
  if (p.ui.localized)
    return (
      <LocalText
        {...frame(p)}
        panel={p.panel}
        long={long}
        localized
        value={p.value as Text | undefined}
        onChange={(v) => p.onChange(v as Json)}
      />
    );
  const value = typeof p.value === 'string' ? p.value : p.value === undefined ? '' : JSON.stringify(p.value);
  const set = (text: string) => p.onChange(text === '' && !p.required ? undefined : text);
  if (long) return <Textarea {...frame(p)} minRows={2} value={value} onChange={set} />;
  return <TextInput {...frame(p)} value={value} onChange={set} maxLength={p.schema.maxLength} />;
}

const maxOf = (schema: OptionsSchema): number => {
  const any = (schema as { anyOf?: OptionsSchema[] }).anyOf;
  return any?.[0]?.maxLength ?? 0;
};

function SelectControl(p: ControlProps) {
  const options = (p.ui.choices ?? []).map((c) => ({ value: c.value, label: textOf(c.label) || c.value }));
  const value = typeof p.value === 'string' ? p.value : typeof p.schema.default === 'string' ? p.schema.default : null;
  const set = (next: string | null) => p.onChange(next === null || next === p.schema.default ? undefined : next);
  const short = options.length <= 3 && options.every((o) => o.label.length <= 8);
  if (short && value !== null) return <Segmented {...frame(p)} block value={value} onChange={set} options={options} />;
  return (
    <Select
      {...frame(p)}
      value={value}
      onChange={set}
      options={options}
      clearable={!p.required && p.schema.default === undefined}
    />
  );
}

function EntityControl(p: ControlProps) {
  const docs = useDocs();
  const options: Option[] = entities(docs).map((e) => ({
    value: e.id,
    label: textOf(e.name) || e.key,
    icon: e.icon ?? 'form',
    keywords: e.key,
  }));
  return (
    <Select
      {...frame(p)}
      value={entityOf(docs, typeof p.value === 'string' ? p.value : undefined)?.id ?? null}
      onChange={(v) => p.onChange(v ?? undefined)}
      options={options}
      clearable={!p.required}
      empty={t('build.noForms')}
    />
  );
}

/** The fields of an entity that fit, system fields last. */
export function useFieldOptions(
  entityId: string | undefined,
  accept: Hints['accept'],
  options: { column?: Field; exclude?: string; system?: boolean } = {},
): Option[] {
  const docs = useDocs();
  const { parts } = useBuilder();
  const entity = entityOf(docs, entityId);
  const fields = options.column ? (options.column.fields ?? []) : (entity?.fields ?? []);
  const own = fields.filter((f) => f.id !== options.exclude).map((f) => runtimeField(f, docs, parts, entity));
  const system =
    options.column || options.system === false || !entity ? [] : systemRuntimeFields(systemFields(fieldsOf(entity)));
  return [...own, ...system]
    .filter((f) => fits(f, accept))
    .map((f: RuntimeField) => ({
      value: f.id,
      label: textOf(f.name) || f.key,
      icon: parts.fields.get(f.type)?.icon ?? 'text',
      keywords: f.key,
      group: f.id === f.key ? t('build.systemFields') : undefined,
    }));
}

function FieldControl(p: ControlProps) {
  const docs = useDocs();
  const { parts } = useBuilder();
  const through = p.ui.through ? p.siblings[p.ui.through] : undefined;
  const home = p.panel.column ? undefined : entityOf(docs, p.panel.entity);
  const linkField =
    typeof through === 'string'
      ? (home?.fields ?? p.panel.column?.fields ?? []).find((f) => f.id === through)
      : undefined;
  const rows = typeof p.siblings.rows === 'string' ? home?.fields.find((f) => f.id === p.siblings.rows) : undefined;
  const named = p.ui.entity ? ((p.siblings[p.ui.entity] as string | undefined) ?? p.entity) : undefined;
  // A sub-form's own settings are about its columns.
  const columns =
    parts.fields.get(home?.fields.find((f) => f.id === p.panel.exclude)?.type ?? '')?.kind === 'rows'
      ? home?.fields.find((f) => f.id === p.panel.exclude)
      : undefined;
  const target = p.ui.through
    ? (linkField?.options?.entity as string | undefined)
    : p.ui.entity
      ? named
      : p.panel.entity;
  const column =
    p.ui.through || (p.ui.entity && named) ? undefined : p.ui.entity && rows ? rows : (columns ?? p.panel.column);
  const options = useFieldOptions(column ? undefined : target, p.ui.accept, {
    column,
    exclude: target === p.panel.entity ? p.panel.exclude : undefined,
  });
  const waits = !column && !target;
  const shared = {
    ...frame(p),
    disabled: p.disabled || waits,
    options,
    placeholder: waits ? (p.ui.through ? t('build.panel.linkFirst') : t('build.panel.formFirst')) : undefined,
  };
  if (p.ui.many)
    return <MultiSelect {...shared} value={ids(p.value)} onChange={(v) => p.onChange(v.length ? v : undefined)} />;
  return (
    <Select
      {...shared}
      value={typeof p.value === 'string' ? p.value : null}
      onChange={(v) => p.onChange(v ?? undefined)}
      clearable={!p.required}
    />
  );
}

function ExprControl(p: ControlProps) {
  const docs = useDocs();
  const runtime = usePreview();
  const target = entityOf(
    docs,
    p.ui.entity ? ((p.siblings[p.ui.entity] as string | undefined) ?? p.entity) : undefined,
  );
  const value = typeof p.value === 'string' ? p.value : '';
  const set = (text: string) => p.onChange(text.trim() === '' && !p.required ? undefined : text);
  const about = p.ui.scope === 'app' ? { ...p.panel.scope, record: undefined, roots: {}, vars: [] } : p.panel.scope;
  if (p.ui.expect === 'bool') {
    // A filter is about the other form's records; a related condition has both in sight.
    const filter = p.ui.scope === 'filter';
    const related = p.ui.scope === 'related';
    if ((filter || related) && p.ui.entity && !target) {
      return (
        <TextInput {...frame(p)} value={value} onChange={() => {}} disabled placeholder={t('build.panel.formFirst')} />
      );
    }
    const scope = filter
      ? { ...about, record: target ? fieldsOf(target) : about.record, roots: {}, vars: [] }
      : related && target
        ? {
            ...about,
            roots: { ...about.roots, it: fieldsOf(target), ...(about.record ? { record: about.record } : {}) },
          }
        : about;
    const before =
      p.ui.scope === 'rule' && !about.blank?.includes('old') ? [{ name: 'old', entity: p.panel.entity }] : [];
    return (
      <ConditionField
        {...frame(p)}
        value={value}
        onChange={set}
        scope={scope}
        entity={filter ? (target?.id ?? p.panel.entity) : related ? target?.id : p.panel.entity}
        root={related ? 'it' : ''}
        others={related ? [{ name: 'record', entity: p.panel.entity }] : before}
        changes={before.length > 0}
        server={filter && target ? { entity: target.id, scope: 'filter' } : related ? undefined : p.panel.server}
        runtime={runtime}
      />
    );
  }
  const server =
    p.ui.scope === 'app'
      ? ({ scope: 'record', expect: p.ui.expect } as const)
      : p.panel.server && { ...p.panel.server, expect: p.ui.expect };
  if (p.ui.people)
    return (
      <PeopleExpr
        {...frame(p)}
        mail={p.ui.people === 'mail'}
        value={value}
        onChange={set}
        scope={about}
        server={server}
      />
    );
  return (
    <CodeInput
      {...frame(p)}
      fault={p.error}
      error={undefined}
      lines="many"
      value={value}
      onChange={set}
      scope={about}
      server={server}
      placeholder={t('build.formula.placeholder')}
    />
  );
}

function GroupControl(p: ControlProps) {
  const on = p.value !== undefined && p.value !== null;
  const values = on && !Array.isArray(p.value) && typeof p.value === 'object' ? (p.value as Options) : {};
  const open = on || !!p.required;
  return (
    <fieldset className={styles.group} disabled={p.disabled}>
      <legend className={styles.legend}>
        {p.required ? (
          p.label
        ) : (
          <Switch
            spread
            label={p.label}
            checked={on}
            onChange={(checked) => p.onChange(checked ? starting(p.schema) : undefined)}
          />
        )}
      </legend>
      {p.help && !open && <p className={styles.help}>{p.help}</p>}
      {open && (
        <div className={styles.inner}>
          <SchemaPanel
            schema={p.schema}
            value={values}
            outer={p.entity}
            path={p.path}
            panel={p.panel}
            onChange={(next) => p.onChange(next)}
          />
        </div>
      )}
    </fieldset>
  );
}

/** What a new nested panel starts with: the first value of each select that it needs. */
export function starting(schema: OptionsSchema): Options {
  const out: Options = {};
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    if (schema.required?.includes(name) && one.enum?.[0] && one.default === undefined) out[name] = one.enum[0];
  }
  return out;
}

function ListControl(p: ControlProps) {
  const items = Array.isArray(p.value) ? (p.value as Options[]) : [];
  const min = p.schema.minItems ?? 0;
  const max = p.schema.maxItems ?? 100;
  const set = (next: Options[]) => p.onChange(next.length === 0 && min === 0 ? undefined : next);
  const swap = (i: number, j: number) => {
    const next = [...items];
    [next[i], next[j]] = [next[j] as Options, next[i] as Options];
    set(next);
  };
  return (
    <fieldset className={styles.group} disabled={p.disabled}>
      <legend className={styles.legend}>
        <span>{p.label}</span>
        <IconButton
          size="sm"
          icon="plus"
          label={t('build.panel.addTo', { name: p.label })}
          disabled={items.length >= max}
          onClick={() => set([...items, starting(p.schema.items ?? {})])}
        />
      </legend>
      {p.help && <p className={styles.help}>{p.help}</p>}
      {items.length > 0 && (
        <div className={styles.items}>
          {items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity of their own
            <div key={i} className={styles.item}>
              <div className={styles.itemBody}>
                <SchemaPanel
                  schema={p.schema.items ?? {}}
                  value={item}
                  outer={p.entity}
                  path={[...p.path, i]}
                  panel={p.panel}
                  onChange={(next) => set(items.map((one, j) => (j === i ? next : one)))}
                />
              </div>
              <div className={styles.itemTools}>
                <IconButton
                  size="sm"
                  icon="x"
                  label={t('build.panel.removeItem', { n: i + 1 })}
                  disabled={items.length <= min}
                  onClick={() => set(items.filter((_, j) => j !== i))}
                />
                {i > 0 && (
                  <IconButton size="sm" icon="arrow-up" label={t('build.moveUp')} onClick={() => swap(i, i - 1)} />
                )}
                {i < items.length - 1 && (
                  <IconButton size="sm" icon="arrow-down" label={t('build.moveDown')} onClick={() => swap(i, i + 1)} />
                )}
              </div>
            </div>
          ))}
        </div>
      )}
      {items.length === 0 && min > 0 && (
        <Button size="sm" icon="plus" onClick={() => set([starting(p.schema.items ?? {})])}>
          {t('common.add')}
        </Button>
      )}
      {p.error && items.length === 0 && <p className={styles.help}>{p.error}</p>}
    </fieldset>
  );
}

function RoleControl(p: ControlProps) {
  const options: Option[] = roles(useDocs()).map((r) => ({
    value: r.id,
    label: textOf(r.name) || r.key,
    icon: 'shield',
  }));
  if (p.ui.many)
    return (
      <MultiSelect
        {...frame(p)}
        options={options}
        value={ids(p.value)}
        onChange={(v) => p.onChange(v.length ? v : undefined)}
      />
    );
  return (
    <Select
      {...frame(p)}
      options={options}
      clearable={!p.required}
      value={ids(p.value)[0] ?? null}
      onChange={(v) => p.onChange(v ?? undefined)}
    />
  );
}

function ButtonControl(p: ControlProps) {
  const options: Option[] = rules(useDocs())
    .filter((r) => r.trigger.type === 'button' && (!p.entity || r.entity === p.entity))
    .map((r) => ({ value: r.id, label: textOf(r.trigger.label) || textOf(r.name), icon: 'bolt' }));
  return (
    <MultiSelect
      {...frame(p)}
      options={options}
      value={ids(p.value)}
      onChange={(v) => p.onChange(v.length ? v : undefined)}
      empty={t('build.panel.noButtons')}
    />
  );
}

function IconControl(p: ControlProps) {
  const value = typeof p.value === 'string' ? p.value : (p.schema.default as string | undefined);
  return (
    <Popover
      width={300}
      label={p.label}
      target={
        <Button icon={value ?? 'star'} disabled={p.disabled}>
          {p.label}
          {value ? ` · ${lookup(`icons.${value}`) ?? value}` : ''}
        </Button>
      }
    >
      {(close) => (
        <IconGrid
          label={p.label}
          value={value}
          onChange={(icon) => {
            p.onChange(icon === p.schema.default ? undefined : icon);
            close();
          }}
        />
      )}
    </Popover>
  );
}
