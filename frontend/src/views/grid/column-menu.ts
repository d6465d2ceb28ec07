import type { RuntimeEntity, Sort, ViewColumn, ViewConfig } from '@/api/types';
import type { MenuEntry } from '@/kit';
import { lookup, t } from '@/locales';
import type { BuilderActions } from '../define';
import { type Column, footersOf } from './columns';

export interface ColumnMenuInput {
  column: Column;
  count: number;
  config: ViewConfig;
  sort: Sort[];
  onSort: (sort: Sort[]) => void;
  onConfig: (change: Partial<ViewConfig>) => void;
  onMove: (from: number, to: number) => void;
  onHide: () => void;
  onFit: () => void;
  onFooter: (footer: ViewColumn['footer']) => void;
  onAddChoice: () => void;
  builder?: BuilderActions;
  entity: RuntimeEntity;
}

/** What can be done with a column; every drag has its place here too. */
export function columnMenu({
  column,
  count,
  config,
  sort,
  onSort,
  onConfig,
  onMove,
  onHide,
  onFit,
  onFooter,
  onAddChoice,
  builder,
  entity,
}: ColumnMenuInput): MenuEntry[] {
  const { field, index } = column;
  const sortable = !field.masked && field.traits.sortable !== false && field.kind !== 'rows' && field.kind !== 'object';
  const now = sort.find((s) => s.field === field.id);
  const groups = config.group ?? [];
  const grouped = groups.includes(field.id);
  const frozen = config.frozen ?? 0;
  const functions = footersOf(field);
  const own = entity.fields.some((f) => f.id === field.id);
  return [
    sortable && {
      label: t('grid.sortAsc'),
      icon: 'sort-asc',
      checked: now ? !now.desc : undefined,
      onSelect: () => onSort([{ field: field.id }]),
    },
    sortable && {
      label: t('grid.sortDesc'),
      icon: 'sort-desc',
      checked: now ? !!now.desc : undefined,
      onSelect: () => onSort([{ field: field.id, desc: true }]),
    },
    !!now && { label: t('grid.sortNone'), icon: 'x', onSelect: () => onSort(sort.filter((s) => s !== now)) },
    !field.masked &&
      field.traits.groupable !== false && {
        label: grouped ? t('grid.ungroup') : t('grid.groupBy'),
        icon: 'group',
        onSelect: () =>
          onConfig({ group: grouped ? groups.filter((g) => g !== field.id) : [...groups, field.id].slice(-3) }),
      },
    functions.length > 0 && {
      label: t('grid.footerMenu'),
      icon: 'calculator',
      items: [
        ...functions.map((fn) => ({
          label: lookup(`grid.footer.${fn}`) ?? fn,
          checked: column.footer === fn,
          onSelect: () => onFooter(fn),
        })),
        { label: t('grid.noFooter'), checked: !column.footer, onSelect: () => onFooter(undefined) },
      ],
    },
    { divider: true },
    index + 1 === frozen
      ? { label: t('grid.unfreeze'), icon: 'columns', onSelect: () => onConfig({ frozen: 0 }) }
      : { label: t('grid.freeze'), icon: 'columns', onSelect: () => onConfig({ frozen: index + 1 }) },
    { label: t('grid.fit'), icon: 'fit-width', onSelect: onFit },
    index > 0 && { label: t('grid.moveLeft'), icon: 'arrow-left', onSelect: () => onMove(index, index - 1) },
    index < count - 1 && { label: t('grid.moveRight'), icon: 'arrow-right', onSelect: () => onMove(index, index + 1) },
    count > 1 && { label: t('grid.hide'), icon: 'eye-off', onSelect: onHide },
    !!builder && own && { divider: true },
    !!builder &&
      own &&
      ['select', 'multi_select'].includes(field.type) && {
        label: t('list.addChoice'),
        icon: 'plus',
        onSelect: onAddChoice,
      },
    !!builder && own && { label: t('grid.editField'), icon: 'pen', href: builder.editPath(field) },
  ];
}
