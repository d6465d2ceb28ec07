// Records that link to this one, with a way to add another.
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { invalidateEntity } from '@/api/queries/records';
import type { RecordData, RelatedList as Related, RuntimeEntity, RuntimeField } from '@/api/types';
import { type FieldContext, isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { alignOf } from '@/fields/subform/Cell';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { Icon, iconOr } from '@/kit/Icon';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import type { InlineCreate } from '../form/use-inline-create';
import styles from './RelatedList.module.css';

export interface RelatedListProps {
  related: Related;
  /** The record they link to. */
  record: RecordData;
  entity: RuntimeEntity;
  ctx: FieldContext;
  inline: InlineCreate;
  /** Few columns: panels. */
  narrow?: boolean;
  title?: string;
  /** Without its own heading: below a tab that names it. */
  bare?: boolean;
}

/** The columns of a related list: what names a record briefly, less the link that is the same everywhere. */
export function relatedColumns(target: RuntimeEntity, via: string, count: number): RuntimeField[] {
  const named = (target.subtitle ?? []).map((ref) => target.fields.find((f) => f.id === ref || f.key === ref));
  const titled = new Set([...target.title.matchAll(/\{(\w+)\}/g)].map((m) => m[1]));
  const rest = target.fields.filter(
    (f) =>
      !f.fields &&
      !f.traits.holds_file &&
      !['object', 'list'].includes(f.kind) &&
      ((f.options?.max_length as number | undefined) ?? 0) <= 500,
  );
  const seen = new Set<string>();
  return [...named, ...rest]
    .filter((f): f is RuntimeField => !!f?.readable && f.key !== via && f.id !== via && !titled.has(f.key))
    .filter((f) => !seen.has(f.id) && seen.add(f.id))
    .slice(0, count);
}

/** Links of the same name to the same form go along: a quotation of a deal is for the deal's customer. */
function shared(entity: RuntimeEntity, record: RecordData, target: RuntimeEntity): Record<string, unknown> {
  const same = target.fields.filter((f) => {
    const own = entity.fields.find((o) => o.key === f.key);
    return f.writable && f.type === 'link' && own?.type === 'link' && own.link?.entity === f.link?.entity;
  });
  return Object.fromEntries(same.filter((f) => !isEmpty(record[f.key])).map((f) => [f.key, record[f.key]]));
}

/** The field of the listed form that links here. */
export const viaOf = (related: Related, target: RuntimeEntity | undefined): RuntimeField | undefined =>
  target?.fields.find((f) => f.key === related.via || f.id === related.via);

/** Makes a record that links to this one; whatever shows either is fetched again. */
export function useAddRelated(entity: RuntimeEntity, record: RecordData, ctx: FieldContext, inline: InlineCreate) {
  const { appId } = useApp();
  const client = useQueryClient();
  return async (target: RuntimeEntity, via: RuntimeField) => {
    const start = { ...shared(entity, record, target), [via.key]: via.link?.many ? [record.id] : record.id };
    const made = await inline.create(target.key, start, { ...ctx.names, [record.id]: record._title ?? '' });
    if (!made) return;
    invalidateEntity(client, { app: appId, entity: entity.key });
    invalidateEntity(client, { app: appId, entity: target.key });
  };
}

export function RelatedList({ related, record, entity, ctx, inline, narrow, title, bare }: RelatedListProps) {
  const { entity: find, base } = useApp();
  const addTo = useAddRelated(entity, record, ctx, inline);
  const target = find(related.entity);
  if (!target) return null;
  const via = viaOf(related, target);
  const columns = relatedColumns(target, related.via, narrow ? 2 : 4);
  const inner: FieldContext = related._names ? { ...ctx, names: { ...ctx.names, ...related._names } } : ctx;
  const count = related.count ?? related.records.length;
  const name = textOf(target.name);
  const add = target.ops.includes('create') && via?.writable && (
    <Button size="sm" variant="plain" icon="plus" onClick={() => void addTo(target, via)}>
      {t('record.add')}
    </Button>
  );
  return (
    <section className={styles.list} aria-label={title ?? name}>
      {(!bare || add) && (
        <header className={cx(styles.head, bare && styles.corner)}>
          {!bare && (
            <h3 className={styles.title}>
              <Icon name={iconOr(target.icon, 'entity')} className={styles.icon} />
              {title || name}
              {count > 0 && <span className={styles.count}>{count}</span>}
            </h3>
          )}
          {add}
        </header>
      )}
      {related.records.length === 0 ? (
        <p className={styles.none}>{t('record.relatedEmpty', { name })}</p>
      ) : (
        <table className={styles.table}>
          {!narrow && (
            <thead>
              <tr>
                <th scope="col">{name}</th>
                {columns.map((column) => (
                  <th
                    key={column.id}
                    scope="col"
                    className={cx(alignOf(column.kind, fieldOf(column.type).align) === 'right' && styles.right)}
                  >
                    {textOf(column.name)}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {related.records.map((row) => (
              <tr key={row.id}>
                <td className={styles.main}>
                  <button type="button" className={styles.open} onClick={() => ctx.open?.(target.key, row.id)}>
                    {row._title || t('fields.untitled')}
                  </button>
                </td>
                {columns.map((column) => {
                  const type = fieldOf(column.type);
                  return (
                    <td key={column.id} className={cx(alignOf(column.kind, type.align) === 'right' && styles.right)}>
                      {isEmpty(row[column.key]) ? null : (
                        <type.Cell value={row[column.key]} field={column} ctx={inner} variant="grid" record={row.id} />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {count > related.records.length && (
        <Link
          className={styles.all}
          to={`${base}/${target.key}?filter=${encodeURIComponent(`${related.via} == "${record.id}"`)}`}
        >
          {t('record.seeAll', { n: count })}
        </Link>
      )}
    </section>
  );
}
