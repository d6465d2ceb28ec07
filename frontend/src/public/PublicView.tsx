// A list of records, shown to whoever has its link: a table, cards on a phone.
import { useState } from 'react';
import { asProblem, request } from '@/api/client';
import type { PublicShare, RecordData, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { alignOf } from '@/fields/subform/Cell';
import { Button } from '@/kit/Button';
import { EmptyState } from '@/kit/EmptyState';
import { Notice } from '@/kit/Notice';
import { t, useLocale } from '@/locales';
import { textOf } from '@/locales/text';
import type { PublicProps } from './PublicForm';
import styles from './PublicPage.module.css';

/** The columns of the view that the link shows, in their order. */
export function shownColumns(share: PublicShare): RuntimeField[] {
  const fields = share.entity?.fields ?? [];
  const wanted = share.view?.config.columns?.map((c) => fields.find((f) => f.id === c.field || f.key === c.field));
  return (wanted ?? fields).filter((f): f is RuntimeField => !!f?.readable);
}

export function PublicView({ token, password, share }: PublicProps) {
  const locale = useLocale();
  const [rows, setRows] = useState<RecordData[]>(share.records?.records ?? []);
  const [names, setNames] = useState<Record<string, string>>({ ...share._names, ...share.records?._names });
  const [cursor, setCursor] = useState(share.records?.next_cursor ?? null);
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string>();
  const ctx: FieldContext = { names, locale, zone: share.time_zone ?? 'Asia/Shanghai', app: null };
  const columns = shownColumns(share);

  async function more() {
    setLoading(true);
    setProblem(undefined);
    try {
      const next = await request<PublicShare>(`/public/${encodeURIComponent(token)}`, {
        query: { cursor },
        headers: password ? { 'X-Share-Password': password } : {},
      });
      setRows([...rows, ...(next.records?.records ?? [])]);
      setNames({ ...names, ...next.records?._names });
      setCursor(next.records?.next_cursor ?? null);
    } catch (error) {
      setProblem(asProblem(error).message);
    } finally {
      setLoading(false);
    }
  }

  if (rows.length === 0) return <EmptyState icon="table" title={t('share.noRecords')} />;
  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col" data-align={alignOf(column.kind, fieldOf(column.type).align)}>
                  {textOf(column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map((column) => {
                  const type = fieldOf(column.type);
                  return (
                    <td
                      key={column.id}
                      data-align={alignOf(column.kind, type.align)}
                      data-name={textOf(column.name)}
                      data-blank={isEmpty(row[column.key]) || undefined}
                    >
                      {isEmpty(row[column.key]) ? null : (
                        <type.Cell value={row[column.key]} field={column} ctx={ctx} variant="card" record={row.id} />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problem && <Notice tone="danger">{problem}</Notice>}
      {cursor && (
        <div className={styles.more}>
          <Button loading={loading} onClick={() => void more()}>
            {t('common.showMore')}
          </Button>
        </div>
      )}
    </>
  );
}
