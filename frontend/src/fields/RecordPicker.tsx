// Records of another entity, found by searching, one or several.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import type { RecordData, RecordPage, RuntimeEntity, RuntimeField } from '@/api/types';
import { Button } from '@/kit/Button';
import type { FrameProps } from '@/kit/FieldFrame';
import { MultiSelect, type Option, Select } from '@/kit/Select';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type FieldContext, option } from './define';
import { fieldOf } from './index';

export interface RecordPickerProps extends FrameProps {
  many: boolean;
  value: string[];
  onChange: (ids: string[], picked: RecordData | null) => void;
  field: RuntimeField;
  ctx: FieldContext;
  record?: Readonly<Record<string, unknown>>;
  disabled?: boolean;
  size?: 'sm' | 'md';
  placeholder?: string;
  id?: string;
  'aria-label'?: string;
  bare?: boolean;
  autoOpen?: boolean;
  initialSearch?: string;
  onClose?: () => void;
}

const limit = 30;

/** The quiet second line of an offered record: the fields the link asks for, else the subtitle. */
export function secondLine(record: RecordData, fields: RuntimeField[], ctx: FieldContext): string | undefined {
  return (
    fields
      .map((f) => fieldOf(f.type).format(record[f.key], f, ctx))
      .filter(Boolean)
      .join(' · ') || undefined
  );
}

/** The fields shown beside an offered record. */
export function shownFields(field: RuntimeField, target: RuntimeEntity | undefined): RuntimeField[] {
  if (!target) return [];
  const wanted = option<string[]>(field, 'fields', target.subtitle ?? []);
  return wanted
    .map((id) => target.fields.find((f) => f.id === id || f.key === id))
    .filter((f): f is RuntimeField => !!f?.readable);
}

export function RecordPicker(props: RecordPickerProps) {
  const app = props.ctx.app;
  const target = props.field.link && app ? app.entity(props.field.link.entity) : undefined;
  if (!app || !target) return <Fixed {...props} />;
  return <Picker {...props} app={app.id} target={target} />;
}

function Fixed({
  value,
  ctx,
  many: _many,
  field: _field,
  record: _record,
  onChange: _onChange,
  bare: _bare,
  autoOpen: _auto,
  initialSearch: _search,
  onClose: _onClose,
  ...rest
}: RecordPickerProps) {
  return (
    <MultiSelect
      {...rest}
      disabled
      value={value}
      onChange={() => {}}
      options={value.map((id) => ({ value: id, label: ctx.names[id] ?? t('fields.noAccess') }))}
    />
  );
}

function Picker({
  app,
  target,
  many,
  value,
  onChange,
  field,
  ctx,
  record,
  ...rest
}: RecordPickerProps & { app: string; target: RuntimeEntity }) {
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.replace(/\u3000/g, ' ').trim());
  const [used, setUsed] = useState(!!rest.autoOpen);
  const filter = ctx.pickerFilter?.(field, record);
  const fields = shownFields(field, target);
  const query = { search: wanted || undefined, filter, limit, count: 'none' as const };
  const found = useQuery({
    queryKey: [...keys.records(app, target.key, query), 'picker'],
    queryFn: ({ signal }) => queryRecords({ app, entity: target.key }, query, signal),
    placeholderData: keepPreviousData,
    enabled: used,
    staleTime: 10_000,
  });
  const page: RecordPage | undefined = found.data;
  const inner: FieldContext = page?._names ? { ...ctx, names: { ...ctx.names, ...page._names } } : ctx;
  const options: Option[] = (page?.records ?? []).map((r) => ({
    value: r.id,
    label: r._title || t('fields.untitled'),
    description: secondLine(r, fields, inner),
  }));
  for (const id of value) {
    if (!options.some((o) => o.value === id) && wanted === '')
      options.unshift({ value: id, label: ctx.names[id] ?? t('fields.noAccess') });
  }
  const choose = (ids: string[]) => {
    const added = ids.find((id) => !value.includes(id));
    const picked = page?.records.find((r) => r.id === added) ?? null;
    if (picked) ctx.learn?.({ [picked.id]: picked._title ?? '' });
    onChange(ids, picked);
  };
  const make =
    option(field, 'create_inline', false) && target.ops.includes('create') && ctx.app?.create
      ? async (text: string) => {
          const first = /\{(\w+)\}/.exec(target.title)?.[1];
          const made = await ctx.app?.create?.(target.key, text && first ? { [first]: text } : {});
          if (!made) return;
          ctx.learn?.({ [made.id]: made._title ?? text });
          onChange(many ? [...value, made.id] : [made.id], made);
        }
      : undefined;
  const shared = {
    ...rest,
    options,
    onCreate: make,
    createLabel: (text: string) => `${t('fields.newRecord', { name: textOf(target.name) })} “${text}”`,
    footer: make && wanted === '' && (
      <Button size="sm" variant="plain" icon="plus" onClick={() => make('')}>
        {t('fields.newRecord', { name: textOf(target.name) })}
      </Button>
    ),
    searchable: true,
    onSearch: (text: string) => {
      setUsed(true);
      setSearch(text);
    },
    // Until the answer is to what stands in the search box.
    loading: found.isFetching || wanted !== search.replace(/\u3000/g, ' ').trim(),
    empty: found.isError
      ? found.error.message
      : wanted
        ? undefined
        : t('fields.noRecords', { name: textOf(target.name) }),
    dropdownWidth: 340,
    clearable: !rest.required,
  };
  // The list is asked for when somebody is about to open it.
  const start = () => setUsed(true);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes that its control is about to be used
    <div onPointerEnter={start} onFocus={start} style={{ minWidth: 0 }}>
      {many ? (
        <MultiSelect {...shared} value={value} onChange={choose} />
      ) : (
        <Select {...shared} value={value[0] ?? null} onChange={(id) => choose(id ? [id] : [])} />
      )}
    </div>
  );
}
