// A list on paper: its columns as the view shows them, all records that it holds.
import { useQuery } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import type { RecordData } from '@/api/types';
import { fieldOf } from '@/fields';
import { ErrorState, SkeletonRows } from '@/kit';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { columnSet } from '@/views/grid/columns';
import { Paper } from '../record/Paper';
import styles from '../record/PrintView.module.css';
import { useListState } from './use-list';

/** More belongs in a file: fifty sheets and above are nothing to read. */
const most = 2000;
const pageSize = 500;

export function PrintList({ onClose }: { onClose: () => void }) {
  const { entity, tab, config, query, ctx, appId, total } = useListState();
  const { me, workspace } = useWorkspace();
  const columns = columnSet(entity, config, {}).columns.filter((c) => c.field.kind !== 'rows');
  const fields = [...columns.map((c) => c.field.key), '_title'];
  const request = {
    filter: query.filter || undefined,
    search: query.search || undefined,
    sort: query.sort.length > 0 ? query.sort : undefined,
    fields,
    limit: pageSize,
    count: 'none' as const,
  };
  const found = useQuery({
    queryKey: [...keys.records(appId, entity.key, request), 'print'],
    queryFn: async ({ signal }) => {
      const records: RecordData[] = [];
      let names: Record<string, string> = {};
      let cursor: string | undefined;
      do {
        const page = await queryRecords({ app: appId, entity: entity.key }, { ...request, cursor }, signal);
        records.push(...page.records);
        names = { ...names, ...page._names };
        cursor = page.next_cursor ?? undefined;
      } while (cursor && records.length < most);
      return { records, names, more: cursor !== undefined };
    },
    gcTime: 0,
  });
  const shown = { ...ctx, open: undefined, names: { ...ctx.names, ...found.data?.names } };
  const name = textOf(entity.name);
  return (
    <Paper wide busy={found.isPending} title={`${textOf(tab.name)} · ${name}`} onClose={onClose}>
      <header className={styles.head}>
        <p className={styles.kind}>
          {workspace.name} · {name}
          {total !== null && ` · ${t('list.count', { n: total })}`}
        </p>
        <h1 className={styles.title}>{textOf(tab.name)}</h1>
      </header>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} />
      ) : found.isPending ? (
        <SkeletonRows />
      ) : (
        <table className={styles.rows}>
          <thead>
            <tr>
              {columns.map((c) => (
                <th key={c.field.id} scope="col" className={c.align === 'right' ? styles.right : undefined}>
                  {textOf(c.field.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.data.records.map((record) => (
              <tr key={record.id}>
                {columns.map((c) => (
                  <td key={c.field.id} className={c.align === 'right' ? styles.right : undefined}>
                    {fieldOf(c.field.type).format(record[c.field.key], c.field, shown)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <footer className={styles.foot}>
        {found.data?.more && <p>{t('list.printMore', { n: most })}</p>}
        {t('record.printedAt', { name: me.name, time: formatDateTime(new Date().toISOString()) })}
      </footer>
    </Paper>
  );
}
