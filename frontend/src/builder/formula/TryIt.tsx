import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { asProblem } from '@/api/client';
import { keys } from '@/api/keys';
import { useRuntime } from '@/api/queries/apps';
import { tryExpr } from '@/api/queries/drafts';
import { queryRecords } from '@/api/queries/records';
import type { ExprTry } from '@/api/types';
import { fieldOf } from '@/fields';
import { Select, Spinner } from '@/kit';
import { t } from '@/locales';
import { plainValue, SeenList } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder, useDocs, usePreview, usePreviewEntity } from '../context';
import { entityOf } from '../model';
import { useFilterScope } from '../panel/filter-scope';
import styles from './TryIt.module.css';

/** Records of a published form, to choose one by its title. */
export function useRecordChoices(app: string, entity: string | undefined, search: string) {
  const wanted = useDeferredValue(search.trim());
  const { version } = useBuilder().app;
  const live = useRuntime(version > 0 ? app : undefined);
  // Only what is published has records to ask for.
  const published = !!entity && !!live.data?.entities.some((e) => e.key === entity);
  const records = useQuery({
    queryKey: keys.records(app, entity ?? '', { pick: wanted }),
    queryFn: ({ signal }) =>
      queryRecords(
        { app, entity: entity ?? '' },
        { search: wanted || undefined, limit: 30, fields: ['_title'], count: 'none' },
        signal,
      ),
    enabled: published,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return { ...records, missing: records.isError || version === 0 || (live.isSuccess && !published) };
}

/** The result of an expression on a record of one's choice, and of each of its parts. */
export function TryIt({
  expr,
  entity,
  field,
  disabled,
}: {
  expr: string;
  entity: string;
  /** The field whose value it is: the result is shown in its way. */
  field?: string;
  disabled: boolean;
}) {
  const { app } = useBuilder();
  const ctx = useFieldContext();
  const scope = useFilterScope(entity, usePreview(), { others: [{ name: 'old', entity }], changes: true });
  const key = entityOf(useDocs(), entity)?.key;
  const target = usePreviewEntity(entity)?.fields.find((f) => f.id === field);
  const [search, setSearch] = useState('');
  const [record, setRecord] = useState<string | null>(null);
  const [answer, setAnswer] = useState<{ expr: string; record: string; result?: ExprTry; fault?: string } | null>(null);
  const records = useRecordChoices(app.id, key, search);
  const options = (records.data?.records ?? []).map((r) => ({ value: r.id, label: r._title || r.id }));
  const first = options[0]?.value;
  useEffect(() => {
    if (!record && first) setRecord(first);
  }, [record, first]);

  useEffect(() => {
    if (!record || disabled || expr.trim() === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      tryExpr(app.id, { entity, expr, record_id: record }, abort.signal).then(
        (result) => setAnswer({ expr, record, result }),
        (error) => {
          if (!abort.signal.aborted) setAnswer({ expr, record, fault: asProblem(error).message });
        },
      );
    }, 400);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [app.id, entity, expr, record, disabled]);

  const shown = (value: ExprTry['value'] | undefined) =>
    target?.kind === 'number' && typeof value === 'number'
      ? fieldOf(target.type).format(value as never, target, ctx)
      : plainValue(value);
  const fresh = answer?.record === record && answer?.expr === expr ? answer : null;
  // The whole is the result already.
  const steps = (fresh?.result?.steps ?? []).filter((step) => step.text.trim() !== expr.trim());
  return (
    <div className={styles.try}>
      <div className={styles.head}>
        <h3 className={styles.title}>{t('build.formula.try')}</h3>
        <div className={styles.pick}>
          <Select
            size="sm"
            aria-label={t('build.formula.record')}
            placeholder={t('build.formula.record')}
            value={record}
            onChange={setRecord}
            options={options}
            searchable
            onSearch={setSearch}
            loading={records.isFetching}
            empty={records.missing ? t('build.formula.notPublished') : t('build.formula.noRecords')}
          />
        </div>
      </div>
      {disabled || expr.trim() === '' ? null : !record ? (
        <p className={styles.quiet}>
          {records.missing ? t('build.formula.notPublished') : records.isPending ? '' : t('build.formula.noRecords')}
        </p>
      ) : !fresh ? (
        <Spinner size={14} />
      ) : fresh.fault ? (
        <p className={styles.fault}>{fresh.fault}</p>
      ) : (
        <>
          <p className={styles.result}>
            <span className={styles.quiet}>{t('build.formula.result')}</span>
            <strong>{shown(fresh.result?.value)}</strong>
          </p>
          {scope && steps.length > 0 && <SeenList list={steps.slice(0, 12)} scope={scope} ctx={ctx} />}
        </>
      )}
    </div>
  );
}
