import { useRecordPages } from '@/api/queries/records';
import type { RecordData, RuntimeEntity, RuntimeField, View } from '@/api/types';
import { Button, EmptyState, ErrorState, Table, type TableColumn, Tag } from '@/kit';
import { t } from '@/locales';
import { formatDate, formatDateTime, formatMoney, formatNumber, formatPercent, type Numeric } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import type { Entry } from '@/runtime/app/menu';
import { Page } from '../shell/Page';

/** The records of an entity as a plain table, page by page. */
export function RecordsPage({ entry, entity, view }: { entry: Entry; entity: RuntimeEntity; view?: View }) {
  const { app, appId, base } = useApp();
  const pages = useRecordPages({ app: appId, entity: entity.key }, { view: view?.id, limit: 50, count: 'exact' });
  const rows = pages.data?.pages.flatMap((p) => p.records);
  const names: Record<string, string> = Object.assign({}, ...(pages.data?.pages.map((p) => p._names ?? {}) ?? []));
  const shown = view?.config.columns?.map((c) => c.field);
  const fields = (shown ? shown.map((id) => entity.fields.find((f) => f.id === id)) : entity.fields)
    .filter((f): f is RuntimeField => !!f?.readable && f.type !== 'subform')
    .slice(0, 8);
  const columns: TableColumn<RecordData>[] = fields.map((field, i) => ({
    key: field.key,
    title: textOf(field.name),
    align: field.kind === 'number' ? 'right' : undefined,
    wide: i > 1,
    render: (row) => <Value value={row[field.key]} field={field} names={names} />,
  }));
  return (
    <Page flush crumbs={[{ label: textOf(app.name), to: base }, { label: textOf(entry.item.name) }]}>
      {pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => pages.refetch()} />
      ) : (
        <Table
          label={textOf(entity.name)}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          loading={pages.isPending}
          empty={<EmptyState icon={entity.icon ?? 'entity'} title={t('common.noResults')} />}
          footer={
            pages.hasNextPage && (
              <Button variant="plain" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
                {t('common.showMore')}
              </Button>
            )
          }
        />
      )}
    </Page>
  );
}

function Value({ value, field, names }: { value: unknown; field: RuntimeField; names: Record<string, string> }) {
  if (value === null || value === undefined || value === '') return null;
  const choices = field.choices ?? [];
  if (choices.length > 0) {
    return (Array.isArray(value) ? value : [value]).map((key) => {
      const choice = choices.find((c) => c.key === key);
      return (
        <Tag key={String(key)} hue={choice?.hue}>
          {choice ? textOf(choice.label) : String(key)}
        </Tag>
      );
    });
  }
  if (field.type === 'money') return formatMoney(value as Numeric, String(field.options?.currency ?? 'CNY'));
  if (field.type === 'percent') return formatPercent(value as Numeric);
  if (field.kind === 'number') return formatNumber(value as Numeric);
  if (field.type === 'date') return formatDate(String(value));
  if (field.type === 'datetime') return formatDateTime(String(value));
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (Array.isArray(value)) return value.map((v) => names[String(v)] ?? String(v)).join(', ');
  return names[String(value)] ?? String(value);
}
