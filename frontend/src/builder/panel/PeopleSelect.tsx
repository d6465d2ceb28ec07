import { useMemo, useState } from 'react';
import { useDirectory } from '@/api/queries/workspaces';
import { Avatar, type FrameProps, MultiSelect, type Option, Select } from '@/kit';
import { t } from '@/locales';
import { useBuilder } from '../context';

export interface PeopleSelectProps extends FrameProps {
  many: boolean;
  value: string[];
  onChange: (ids: string[]) => void;
  disabled?: boolean;
  placeholder?: string;
  /** What holds while nobody is chosen. */
  standing?: string;
  'aria-label'?: string;
}

/** The names of members and departments by id, as far as the directory has told them. */
export function usePeopleNames(search = ''): ReadonlyMap<string, string> {
  const { workspace } = useBuilder();
  const all = useDirectory(workspace.key).data;
  const found = useDirectory(workspace.key, search).data;
  return useMemo(
    () =>
      new Map(
        [all, found].flatMap((d) => [...(d?.members ?? []), ...(d?.departments ?? [])].map((p) => [p.id, p.name])),
      ),
    [all, found],
  );
}

function Picker({
  many,
  value,
  onChange,
  options,
  onSearch,
  loading,
  ...rest
}: PeopleSelectProps & { options: Option[]; onSearch: (text: string) => void; loading: boolean }) {
  const names = usePeopleNames();
  // Those picked keep their names while others are searched.
  const chosen = value.map((id) => ({ value: id, label: names.get(id) ?? t('build.people.unknown') }));
  const shared = { ...rest, options, chosen, searchable: true, onSearch, loading };
  return many ? (
    <MultiSelect {...shared} value={value} onChange={onChange} />
  ) : (
    <Select {...shared} clearable value={value[0] ?? null} onChange={(id) => onChange(id ? [id] : [])} />
  );
}

/** Members of the workspace. */
export function MemberSelect(props: PeopleSelectProps) {
  const { workspace } = useBuilder();
  const [search, setSearch] = useState('');
  const directory = useDirectory(workspace.key, search);
  const options = (directory.data?.members ?? [])
    .filter((m) => m.status !== 'disabled')
    .map(
      (m): Option => ({
        value: m.id,
        label: m.name,
        before: <Avatar name={m.name} pending={m.status === 'placeholder'} />,
      }),
    );
  return <Picker {...props} options={options} onSearch={setSearch} loading={directory.isFetching} />;
}

/** Departments of the workspace. */
export function DepartmentSelect(props: PeopleSelectProps) {
  const { workspace } = useBuilder();
  const [search, setSearch] = useState('');
  const directory = useDirectory(workspace.key, search);
  const options = (directory.data?.departments ?? []).map(
    (d): Option => ({ value: d.id, label: d.name, icon: 'building' }),
  );
  return <Picker {...props} options={options} onSearch={setSearch} loading={directory.isFetching} />;
}
