import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { asProblem, get } from '@/api/client';
import { type EntityRef, explain, type Reason } from '@/api/queries/records';
import { departments, members, useDirectory } from '@/api/queries/workspaces';
import type { RecordData, Role, RuntimeField } from '@/api/types';
import { fieldOf as fieldType, isEmpty } from '@/fields';
import type { FieldContext } from '@/fields/define';
import { Avatar, EmptyState, ErrorState, Icon, IconButton, Popover, Select, SkeletonText, Tag } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { exprText, SeenList } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder, useDocs, usePreview, usePreviewEntity } from '../context';
import { useRecordChoices } from '../formula/TryIt';
import { listedEntities } from '../model';
import { useFilterScope } from '../panel/filter-scope';
import { holdersOf } from './holders';
import styles from './roles.module.css';

type Scope = ReturnType<typeof useFilterScope>;

interface Why {
  visible: boolean;
  reasons: Reason[];
  record?: RecordData & { _names?: Record<string, string> };
}

/** A record as one member sees it, computed by the server, with the reasons. */
export function ViewAs({ role }: { role: Role }) {
  const { app, workspace } = useBuilder();
  const docs = useDocs();
  // Who builds an app need not administer people: then the directory names them.
  const given = members.useList(workspace.key, workspace.admin);
  const directory = useDirectory(workspace.key);
  const units = departments.useList(workspace.key);
  const people = useMemo(
    () =>
      (workspace.admin ? (given.data ?? []) : (directory.data?.members ?? [])).filter((m) => m.status !== 'disabled'),
    [workspace.admin, given.data, directory.data],
  );
  const holders = holdersOf(people, units.data ?? [], app.id, role.id);
  const [member, setMember] = useState<string | null>(null);
  const forms = listedEntities(docs).filter((e) => role.admin || role.grants.some((g) => g.entity === e.id));
  const [form, setForm] = useState<string | null>(forms[0]?.id ?? null);
  const [record, setRecord] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const entity = usePreviewEntity(form ?? undefined);
  const records = useRecordChoices(app.id, entity?.key, search);
  const who = member ?? holders[0]?.id ?? null;
  // While the records of another form are asked for, those of the last one are still here.
  const which = record ?? (records.isPlaceholderData ? null : (records.data?.records[0]?.id ?? null));
  const why = useQuery({
    queryKey: ['app', app.id, 'view-as', entity?.key, which, who],
    enabled: !!entity && !!which && !!who,
    retry: false,
    queryFn: ({ signal }) =>
      get<Why>(
        `/apps/${encodeURIComponent(app.id)}/entities/${entity?.key}/records/${which}/why`,
        { view_as: who ?? '' },
        signal,
      ),
  });
  const names = useMemo(
    () => ({ ...Object.fromEntries(people.map((m) => [m.id, m.name])), ...why.data?.record?._names }),
    [people, why.data],
  );
  const ctx = useFieldContext(names);
  const scope = useFilterScope(entity?.id, usePreview());
  const seen = why.data?.record;
  const name = people.find((m) => m.id === who)?.name ?? '';
  return (
    <div className={styles.content}>
      <div className={styles.pair}>
        <Select
          label={t('build.role.member')}
          value={who}
          onChange={setMember}
          searchable
          empty={t('build.role.noMembers')}
          options={[...holders, ...people.filter((m) => !holders.includes(m))].map((m) => ({
            value: m.id,
            label: m.name,
            before: <Avatar name={m.name} />,
            group: holders.includes(m) ? textOf(role.name) : t('build.role.otherMembers'),
          }))}
        />
        <Select
          label={t('build.role.form')}
          value={form}
          onChange={(v) => {
            setForm(v);
            setRecord(null);
          }}
          options={forms.map((e) => ({ value: e.id, label: textOf(e.name), icon: e.icon ?? 'form' }))}
        />
        <Select
          label={t('build.role.record')}
          value={which}
          onChange={setRecord}
          searchable
          onSearch={setSearch}
          loading={records.isFetching}
          empty={records.missing ? t('build.formula.notPublished') : t('build.formula.noRecords')}
          options={(records.data?.records ?? []).map((r) => ({ value: r.id, label: r._title || r.id }))}
        />
      </div>
      {!who || !which ? (
        <EmptyState icon="eye" title={t('build.role.viewEmpty')} help={t('build.role.viewHelp')} />
      ) : why.isError ? (
        <ErrorState title={t('build.role.viewFailed', { name })} error={why.error} onRetry={() => why.refetch()} />
      ) : !why.data ? (
        <SkeletonText lines={5} />
      ) : (
        <>
          <p className={`${styles.verdict} ${why.data.visible ? styles.good : styles.bad}`}>
            <Icon name={why.data.visible ? 'eye' : 'eye-off'} />
            {why.data.visible ? t('build.role.sees', { name }) : t('build.role.seesNot', { name })}
          </p>
          <Reasons reasons={why.data.reasons} scope={scope} ctx={ctx} />
          {seen && entity && (
            <dl>
              {entity.fields.map((field) => {
                const value = seen[field.key];
                const { Cell } = fieldType(field.type);
                return (
                  <div key={field.id} className={styles.seen}>
                    <dt>{textOf(field.name)}</dt>
                    <dd>
                      {!(field.key in seen) ? (
                        <span className={styles.quiet}>{t('build.role.hiddenField')}</span>
                      ) : (
                        !isEmpty(value) && (
                          <Cell value={value} field={field} ctx={ctx} record={seen.id} variant="card" />
                        )
                      )}
                      {typeof value === 'string' && value.includes('****') && (
                        <Tag hue="amber">{t('build.role.rule_partial')}</Tag>
                      )}
                      {which && who && (
                        <FieldWhy
                          place={{ app: app.id, entity: entity.key }}
                          record={which}
                          who={who}
                          field={field}
                          person={name}
                          scope={scope}
                          ctx={ctx}
                        />
                      )}
                    </dd>
                  </div>
                );
              })}
            </dl>
          )}
        </>
      )}
    </div>
  );
}

function Reasons({ reasons, scope, ctx }: { reasons: Reason[]; scope: Scope; ctx: FieldContext }) {
  return (
    <ul className={styles.reasons}>
      {reasons.map((reason) => (
        <li key={`${reason.role}${reason.text}`} className={styles.reason}>
          {reason.role && <Tag>{reason.role}</Tag>}
          <div className={styles.said}>
            {reason.when && scope
              ? `${reason.text}${t('build.colon')}${exprText(reason.when, scope, ctx)}`
              : reason.text}
            {scope && reason.seen && <SeenList list={reason.seen} scope={scope} ctx={ctx} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Why a member sees or may change a field of a record, or not. */
function FieldWhy({
  place,
  record,
  who,
  field,
  person,
  scope,
  ctx,
}: {
  place: EntityRef;
  record: string;
  who: string;
  field: RuntimeField;
  person: string;
  scope: Scope;
  ctx: FieldContext;
}) {
  const [open, setOpen] = useState(false);
  const why = useQuery({
    queryKey: ['app', place.app, 'view-as', place.entity, record, who, field.key],
    enabled: open,
    retry: false,
    queryFn: ({ signal }) => explain(place, record, { view_as: who, field: field.key }, signal),
  });
  const label = t('build.role.whyField', { name: textOf(field.name) });
  const level = why.data?.field_level;
  return (
    <Popover
      label={label}
      width={340}
      position="bottom-end"
      opened={open}
      onChange={setOpen}
      target={<IconButton className={styles.whyField} size="sm" icon="help" label={label} />}
    >
      {why.isError ? (
        <p>{asProblem(why.error).message}</p>
      ) : why.data ? (
        <>
          <p className={styles.state}>
            {level === 'hidden'
              ? t('build.role.fieldHidden', { name: person })
              : t(level === 'partial' ? 'build.role.fieldPartial' : 'build.role.fieldShown', {
                  name: person,
                  what: t(why.data.writable ? 'build.role.fieldWritable' : 'build.role.fieldReadOnly'),
                })}
          </p>
          <Reasons reasons={why.data.reasons} scope={scope} ctx={ctx} />
        </>
      ) : (
        <SkeletonText lines={2} />
      )}
    </Popover>
  );
}
