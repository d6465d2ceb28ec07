import { exportUrl } from '@/api/queries/records';
import type { MenuEntry } from '@/kit';
import { t } from '@/locales';
import { shownColumns } from '@/views/grid/columns';
import { findField } from '@/views/shared/system';
import type { ListState } from './use-list';

/** Downloads of the list as it is filtered, or of ticked rows. */
export function exportItems({ appId, entity, config, query }: ListState, filter = query.filter): MenuEntry[] {
  const fields = shownColumns(entity, config)
    .map((c) => findField(entity, c.field)?.key)
    .filter((key): key is string => !!key);
  const href = (format: 'csv' | 'xlsx' | 'ndjson') =>
    exportUrl({ app: appId, entity: entity.key }, { format, filter, fields, search: query.search });
  return [
    { label: t('list.exportExcel'), icon: 'excel', href: href('xlsx') },
    { label: t('list.exportCsv'), icon: 'table', href: href('csv') },
    { label: t('list.exportJson'), icon: 'json', href: href('ndjson') },
  ];
}
