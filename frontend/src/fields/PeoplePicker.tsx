// Members and departments from the directory, one or several.
import { useState } from 'react';
import { useDirectory } from '@/api/queries/workspaces';
import type { Department, Directory, DirectoryMember, RuntimeField } from '@/api/types';
import { Avatar } from '@/kit/Avatar';
import type { FrameProps } from '@/kit/FieldFrame';
import { MultiSelect, type Option, Select } from '@/kit/Select';
import { t } from '@/locales';
import { type FieldContext, option } from './define';

export interface PeoplePickerProps extends FrameProps {
  kind: 'member' | 'department';
  many: boolean;
  value: string[];
  onChange: (ids: string[]) => void;
  field: RuntimeField;
  ctx: FieldContext;
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

/** All departments below some, themselves included. */
export function below(departments: Department[], roots: readonly string[]): Set<string> {
  const found = new Set(roots);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const one of departments) if (one.parent && found.has(one.parent)) found.add(one.id);
  }
  return found;
}

function memberOptions(directory: Directory | undefined, field: RuntimeField, me: string | null): Option[] {
  if (!directory) return [];
  const limits = option<string[]>(field, 'departments', []);
  const allowed = limits.length > 0 ? below(directory.departments, limits) : null;
  const names = new Map(directory.departments.map((d) => [d.id, d.name]));
  const offered = directory.members.filter(
    (m) => m.status !== 'disabled' && (!allowed || m.departments.some((d) => allowed.has(d))),
  );
  const asOption = (m: DirectoryMember): Option => ({
    value: m.id,
    label: m.name,
    before: <Avatar name={m.name} pending={m.status === 'placeholder'} />,
    description:
      m.id === me
        ? t('common.you')
        : m.status === 'placeholder'
          ? t('fields.notJoined')
          : m.departments
              .map((d) => names.get(d))
              .filter(Boolean)
              .join(' · ') || undefined,
  });
  // The reader is the most frequent answer.
  return [...offered.filter((m) => m.id === me), ...offered.filter((m) => m.id !== me)].map(asOption);
}

function departmentOptions(directory: Directory | undefined): Option[] {
  if (!directory) return [];
  const parents = new Map(directory.departments.map((d) => [d.id, d]));
  const path = (one: Department): string => {
    const parent = one.parent ? parents.get(one.parent) : undefined;
    return parent ? [path(parent), parent.name].filter(Boolean).join(' / ') : '';
  };
  return directory.departments.map((d) => ({
    value: d.id,
    label: d.name,
    icon: 'building',
    description: path(d) || undefined,
    keywords: path(d),
  }));
}

export function PeoplePicker(props: PeoplePickerProps) {
  // Public pages have no directory to search.
  if (!props.ctx.app) return <Fixed {...props} />;
  return <Picker {...props} workspace={props.ctx.app.workspace} me={props.ctx.app.me} />;
}

function Fixed({
  value,
  ctx,
  kind: _kind,
  many: _many,
  field: _field,
  onChange: _onChange,
  bare: _bare,
  autoOpen: _auto,
  initialSearch: _search,
  onClose: _onClose,
  ...rest
}: PeoplePickerProps) {
  return (
    <MultiSelect
      {...rest}
      disabled
      value={value}
      onChange={() => {}}
      options={value.map((id) => ({ value: id, label: ctx.names[id] ?? '' }))}
    />
  );
}

function Picker({
  workspace,
  me,
  kind,
  many,
  value,
  onChange,
  field,
  ctx,
  ...rest
}: PeoplePickerProps & { workspace: string; me: string | null }) {
  const [search, setSearch] = useState('');
  const directory = useDirectory(workspace, search);
  const found = kind === 'member' ? memberOptions(directory.data, field, me) : departmentOptions(directory.data);
  // Those chosen are shown even when the search does not find them.
  const missing = value.filter((id) => !found.some((o) => o.value === id));
  const options: Option[] = [
    ...found,
    ...missing
      .filter(() => search === '')
      .map((id) => ({
        value: id,
        label: ctx.names[id] ?? t('fields.unknownPerson'),
        before: kind === 'member' ? <Avatar name={ctx.names[id] ?? '?'} /> : undefined,
        icon: kind === 'department' ? ('building' as const) : undefined,
      })),
  ];
  const choose = (ids: string[]) => {
    ctx.learn?.(
      Object.fromEntries(ids.flatMap((id) => options.filter((o) => o.value === id).map((o) => [id, o.label]))),
    );
    onChange(ids);
  };
  const shared = {
    ...rest,
    options,
    searchable: true,
    onSearch: setSearch,
    loading: directory.isFetching,
    empty: directory.isError ? t('errors.offline') : undefined,
    dropdownWidth: 260,
    clearable: !rest.required,
  };
  if (many) return <MultiSelect {...shared} value={value} onChange={choose} />;
  return <Select {...shared} value={value[0] ?? null} onChange={(id) => choose(id ? [id] : [])} />;
}
