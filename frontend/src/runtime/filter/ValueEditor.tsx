import type { ComponentType } from 'react';
import type { FilterOp, RuntimeField } from '@/api/types';
import { type FieldContext, type FilterProps, fieldOf, type InputProps } from '@/fields';
import { IconButton, Menu, MultiSelect, NumberInput, Select } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Op, type Operand, operandOf, type Period, type PeriodValue, periods, type Scope } from './condition';
import { FieldPicker } from './FieldPicker';
import styles from './filter.module.css';
import { arity, familyOf } from './operators';

export interface ValueEditorProps {
  field: RuntimeField;
  op: Op;
  value: unknown;
  onChange: (value: unknown) => void;
  scope: Scope;
  ctx: FieldContext;
}

/** What a condition compares with: as many controls as the operator takes values. */
export function ValueEditor({ field, op, value, onChange, scope, ctx }: ValueEditorProps) {
  switch (arity(op)) {
    case 'none':
      return null;
    case 'period':
      return <PeriodEditor value={value as PeriodValue | undefined} onChange={onChange} />;
    case 'two': {
      const [from, to] = (Array.isArray(value) ? value : [null, null]) as unknown[];
      return (
        <div className={styles.two}>
          <One field={field} op="gte" value={from} onChange={(v) => onChange([v, to])} ctx={ctx} />
          <span className={styles.to}>{t('filter.to')}</span>
          <One field={field} op="lte" value={to} onChange={(v) => onChange([from, v])} ctx={ctx} />
        </div>
      );
    }
    case 'many':
      return <Many field={field} op={op} value={value} onChange={onChange} ctx={ctx} />;
  }
  if (op === 'in_department') {
    return (
      <One field={{ ...field, type: 'department', options: {} }} op="eq" value={value} onChange={onChange} ctx={ctx} />
    );
  }
  return <Compared {...{ field, op, value, onChange, scope, ctx }} />;
}

/** A literal, or something that is looked up when the condition is tested. */
function Compared({ field, op, value, onChange, scope, ctx }: ValueEditorProps) {
  const operand = operandOf(value);
  const family = familyOf(field);
  const dated = family === 'date' || family === 'time';
  const fields = scope.others.length > 0 || ['number', 'date', 'time'].includes(family);
  const settings = scope.params.filter((p) =>
    family === 'number' ? p.type === 'number' : family === 'text' ? p.type === 'text' : false,
  );
  const menu = fields || settings.length > 0;
  return (
    <div className={styles.compared}>
      {operand?.fn === 'field' ? (
        <FieldPicker
          aria-label={t('filter.another')}
          value={operand.path}
          onChange={(path) => onChange({ fn: 'field', path } satisfies Operand)}
          scope={scope}
          accept={(o) => familyOf(o.field) === family}
        />
      ) : operand?.fn === 'setting' ? (
        <Select
          size="sm"
          aria-label={t('filter.setting')}
          value={operand.key}
          options={settings.map((p) => ({ value: p.key, label: textOf(p.name) }))}
          onChange={(key) => key && onChange({ fn: 'setting', key } satisfies Operand)}
        />
      ) : dated ? (
        <DayEditor field={field} op={op} value={value} onChange={onChange} ctx={ctx} moments={family === 'time'} />
      ) : (
        <One field={field} op={op as FilterOp} value={value} onChange={onChange} ctx={ctx} />
      )}
      {menu && (
        <Menu
          position="bottom-end"
          items={[
            {
              label: t('filter.literal'),
              checked: !operand || operand.fn === 'today',
              onSelect: () => onChange(undefined),
            },
            fields && {
              label: t('filter.another'),
              checked: operand?.fn === 'field',
              onSelect: () => onChange({ fn: 'field', path: '' }),
            },
            settings.length > 0 && {
              label: t('filter.setting'),
              checked: operand?.fn === 'setting',
              onSelect: () => onChange({ fn: 'setting', key: '' }),
            },
          ]}
        >
          <IconButton icon="switch" size="sm" label={t('filter.operands')} />
        </Menu>
      )}
    </div>
  );
}

type DayMode = 'date' | 'today' | 'before' | 'after' | 'now';

/** A date, today, so many days before or after it. */
function DayEditor({
  field,
  op,
  value,
  onChange,
  ctx,
  moments,
}: Omit<ValueEditorProps, 'scope'> & { moments: boolean }) {
  const operand = operandOf(value);
  const days = operand?.fn === 'today' ? operand.days : 0;
  const mode: DayMode =
    operand?.fn === 'now'
      ? 'now'
      : operand?.fn !== 'today'
        ? 'date'
        : days === 0
          ? 'today'
          : days < 0
            ? 'before'
            : 'after';
  const modes: DayMode[] = ['date', 'today', 'before', 'after', ...(moments ? (['now'] as const) : [])];
  const counted = mode === 'before' || mode === 'after';
  return (
    <div className={styles.two}>
      {counted && (
        <NumberInput
          size="sm"
          className={styles.count}
          aria-label={t('filter.day.days')}
          value={Math.abs(days)}
          onChange={(n) => {
            const count = Math.max(1, Math.trunc(Math.abs(Number(n ?? 1))));
            onChange({ fn: 'today', days: mode === 'before' ? -count : count } satisfies Operand);
          }}
        />
      )}
      <Select
        size="sm"
        className={mode === 'date' ? styles.mode : styles.grow}
        aria-label={t('filter.value')}
        value={mode}
        options={modes.map((m) => ({ value: m, label: t(`filter.day.${m}`) }))}
        onChange={(next) => {
          if (next === 'date') onChange(null);
          else if (next === 'now') onChange({ fn: 'now' } satisfies Operand);
          else if (next)
            onChange({ fn: 'today', days: next === 'today' ? 0 : next === 'before' ? -7 : 7 } satisfies Operand);
        }}
      />
      {mode === 'date' && <One field={field} op={op as FilterOp} value={value} onChange={onChange} ctx={ctx} />}
    </div>
  );
}

function PeriodEditor({ value, onChange }: { value: PeriodValue | undefined; onChange: (value: PeriodValue) => void }) {
  const counted = value?.period === 'last_n_days' || value?.period === 'next_n_days';
  return (
    <div className={styles.two}>
      <Select
        size="sm"
        className={styles.grow}
        aria-label={t('filter.value')}
        value={value?.period ?? null}
        options={periods.map((p) => ({ value: p, label: lookup(`filter.period.${p}`) ?? p }))}
        searchable={false}
        onChange={(next) => {
          if (!next) return;
          const period = next as Period;
          onChange(/_n_/.test(period) ? { period, n: value?.n ?? 7 } : { period });
        }}
      />
      {counted && (
        <NumberInput
          size="sm"
          className={styles.count}
          aria-label={t('filter.day.days')}
          value={value.n ?? 7}
          onChange={(n) => onChange({ ...value, n: Math.max(1, Math.trunc(Number(n ?? 1))) })}
        />
      )}
    </div>
  );
}

// What a computed field of a kind is compared with is entered as in a plain field of that kind.
const plain: Record<string, string> = {
  text: 'text',
  number: 'number',
  date: 'date',
  time: 'date',
  bool: 'boolean',
  ref: 'text',
};

function controlField(field: RuntimeField): RuntimeField {
  const type = fieldOf(field.type);
  if (type.Filter && field.kind !== 'time') return field;
  if (field.kind === 'time' || field.traits.computed || field.traits.generated) {
    return {
      ...field,
      type: plain[field.kind] ?? 'text',
      options: field.kind === 'number' ? field.options : {},
      required: false,
    };
  }
  return { ...field, options: { ...field.options, multiline: false, scan: false }, required: false };
}

function One({
  field,
  op,
  value,
  onChange,
  ctx,
}: {
  field: RuntimeField;
  op: FilterOp;
  value: unknown;
  onChange: (value: unknown) => void;
  ctx: FieldContext;
}) {
  const asked = controlField(field);
  const type = fieldOf(asked.type);
  const label = `${textOf(field.name)} ${t('filter.value')}`;
  if (type.Filter) {
    const Filter = type.Filter as ComponentType<FilterProps>;
    return (
      <div className={styles.grow}>
        <Filter {...{ value, onChange, op, ctx }} field={asked} aria-label={label} />
      </div>
    );
  }
  const Input = type.Input as ComponentType<InputProps>;
  return (
    <div className={styles.grow}>
      <Input value={value ?? null} onChange={onChange} field={asked} ctx={ctx} size="sm" aria-label={label} />
    </div>
  );
}

function Many({ field, op, value, onChange, ctx }: Omit<ValueEditorProps, 'scope'>) {
  const type = fieldOf(field.type);
  const values = Array.isArray(value) ? (value as unknown[]) : [];
  const label = `${textOf(field.name)} ${t('filter.value')}`;
  if (type.Filter) {
    const Filter = type.Filter as ComponentType<FilterProps>;
    return (
      <div className={styles.grow}>
        <Filter
          value={values}
          onChange={onChange}
          op={op === 'nin' ? 'nin' : 'in'}
          field={field}
          ctx={ctx}
          aria-label={label}
        />
      </div>
    );
  }
  const options = (field.choices ?? []).map((c) => ({ value: c.key, label: textOf(c.label), hue: c.hue ?? 'gray' }));
  const own = values.map(String).filter((v) => !options.some((o) => o.value === v));
  return (
    <MultiSelect
      size="sm"
      className={styles.grow}
      aria-label={label}
      placeholder={t('filter.values')}
      value={values.map(String)}
      options={[...options, ...own.map((v) => ({ value: v, label: v, hue: 'gray' }))]}
      onChange={(next) => onChange(field.kind === 'number' ? next.map(Number) : next)}
      onCreate={(text) => onChange([...values, field.kind === 'number' ? Number(text) : text])}
    />
  );
}
