// A record in full: its head, its fields, what surrounds it. The panel and the
// page share it and differ in where they put the parts.

import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useDeferredValue, useState } from 'react';
import { patchCachedRecord, useRelated } from '@/api/queries/records';
import type { Form, LayoutNode, RecordData, RelatedList as Related, RuntimeEntity } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { Button } from '@/kit/Button';
import { ErrorState } from '@/kit/ErrorState';
import { Menu } from '@/kit/Menu';
import { Notice } from '@/kit/Notice';
import { Segmented } from '@/kit/Segmented';
import { SkeletonText } from '@/kit/Skeleton';
import { Tabs } from '@/kit/Tabs';
import { usePhone } from '@/kit/use-phone';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { FormBody } from '../form/FormBody';
import { FormFooter } from '../form/FormFooter';
import { formsOf, readingForm } from '../form/layout';
import { useFormState } from '../form/use-model';
import { useUnsavedGuard } from '../form/use-unsaved-guard';
import { Attachments, fileGroups } from './Attachments';
import { RecordButtons } from './RecordButtons';
import { RecordHeader } from './RecordHeader';
import styles from './RecordView.module.css';
import { RelatedList, useAddRelated, viaOf } from './RelatedList';
import { Timeline } from './Timeline';
import { type RecordForm, useRecordForm, whoChanged } from './use-record-form';

const ConflictDialog = lazy(async () => ({ default: (await import('./ConflictDialog')).ConflictDialog }));

export interface RecordViewProps {
  entity: RuntimeEntity;
  record: RecordData;
  form?: Form;
  /** Opens another record. */
  open: FieldContext['open'];
  /** The server has it no more: deleted meanwhile, or hidden from the reader. */
  gone?: boolean;
  /** panel: one column; page: the story beside the fields. */
  place: 'panel' | 'page';
}

/** Lets the reader see a record through any form of its entity; the choice is remembered. */
export function RecordView({ form: given, ...props }: RecordViewProps) {
  const { runtime, appId } = useApp();
  const forms = formsOf(runtime.forms, props.entity);
  const key = `tenon.form.${appId}.${props.entity.id}`;
  const [chosen, setChosen] = useState(() => localStorage.getItem(key));
  const form = given ?? forms.find((one) => one.id === chosen) ?? readingForm(runtime.forms, props.entity);
  return (
    <OneForm
      key={form.id}
      {...props}
      form={form}
      forms={given ? [] : forms}
      onForm={(id) => {
        localStorage.setItem(key, id);
        setChosen(id);
      }}
    />
  );
}

function OneForm({
  entity,
  record,
  form,
  open,
  gone,
  place,
  forms,
  onForm,
}: RecordViewProps & { form: Form; forms: Form[]; onForm: (id: string) => void }) {
  const { appId } = useApp();
  const client = useQueryClient();
  const shown = useRecordForm(entity, record, form, open);
  const { model, ctx, save } = shown;
  const { dirty, attempted, issues } = useFormState(model);
  const phone = usePhone();
  useUnsavedGuard(dirty);
  // The fields first, then what surrounds them.
  const beside = useDeferredValue(true, false);
  const related = useRelated({ app: appId, entity: entity.key }, record.id);
  const inLayout = useCallback(
    (node: LayoutNode) => (
      <LayoutRelated
        node={node}
        lists={related.data}
        {...{ entity, record, ctx }}
        inline={shown.inline}
        narrow={place === 'panel'}
      />
    ),
    [related.data, entity, record, ctx, shown.inline, place],
  );
  const buttons = (
    <RecordButtons
      {...{ entity, record, ctx }}
      shown={place === 'page' && !phone ? 4 : 2}
      before={async () => !dirty || save.save()}
      onRecord={(next) => {
        patchCachedRecord(client, { app: appId, entity: entity.key }, next.id, next);
        model.saveDone(next);
      }}
    />
  );
  const header = (
    <RecordHeader
      large={place === 'page'}
      {...{ entity, record, model, ctx }}
      // On a phone they stand within reach of the thumb.
      buttons={phone ? undefined : buttons}
    />
  );
  const body = (
    <>
      {forms.length > 1 && (
        <Segmented
          size="sm"
          aria-label={t('record.shownBy')}
          disabled={dirty}
          value={form.id}
          onChange={onForm}
          options={forms.slice(0, 5).map((one) => ({ value: one.id, label: textOf(one.name) }))}
        />
      )}
      {gone && (
        <Notice tone="warning" className={styles.notice}>
          {dirty ? t('record.goneKept') : t('record.gone')}
        </Notice>
      )}
      {shown.newer && !gone && (
        <Notice tone="warning" className={styles.notice}>
          {t('record.newer', { name: whoChanged(shown.newer) })}
        </Notice>
      )}
      <FormBody
        model={model}
        ctx={ctx}
        mode="record"
        save={save}
        draft={shown.draft}
        related={inLayout}
        why={shown.why}
      />
    </>
  );
  const around = beside && (
    <Surroundings {...{ entity, record, shown }} lists={related} place={place} inLayout={placed(model.form.layout)} />
  );
  const footer = (dirty || save.problem || (attempted && issues.length > 0)) && (
    <FormFooter
      wide
      model={model}
      save={save}
      action={t('record.save')}
      cancelLabel={t('form.discard')}
      onCancel={() => {
        model.reset();
        shown.draft.clear();
        save.dismiss();
      }}
      aside={<Changes shown={shown} />}
    />
  );
  return (
    <div className={styles.view}>
      {place === 'panel' ? (
        <div className={styles.scroll}>
          {header}
          {body}
          {around}
        </div>
      ) : (
        <div className={styles.columns}>
          <div className={styles.main}>
            {header}
            {body}
            {around}
          </div>
          <aside className={styles.side} aria-label={t('record.timeline')}>
            <h3 className={styles.sideTitle}>{t('record.timeline')}</h3>
            {beside && <Timeline entity={entity} id={record.id} ctx={ctx} />}
          </aside>
        </div>
      )}
      {phone && !footer && <div className={styles.reach}>{buttons}</div>}
      {footer}
      {shown.inline.host}
      {shown.conflict && (
        <Suspense>
          <ConflictDialog
            model={model}
            ctx={ctx}
            theirs={shown.conflict}
            onResolve={shown.resolve}
            onCancel={shown.giveUp}
          />
        </Suspense>
      )}
    </div>
  );
}

function Changes({ shown }: { shown: RecordForm }) {
  const { changes } = useFormState(shown.model);
  return changes > 0 ? t('form.changes', { n: changes }) : null;
}

/** The related lists that the layout shows by itself. */
function placed(nodes: LayoutNode[]): Set<string> {
  const found = new Set<string>();
  const walk = (list: LayoutNode[]) => {
    for (const node of list) {
      if (node.type === 'related') found.add(`${node.entity}/${node.via}`);
      walk(node.items ?? []);
      for (const tab of node.tabs ?? []) walk(tab.items);
    }
  };
  walk(nodes);
  return found;
}

interface Shared {
  entity: RuntimeEntity;
  record: RecordData;
}

function LayoutRelated({
  node,
  lists,
  entity,
  record,
  ctx,
  inline,
  narrow,
}: Shared & {
  node: LayoutNode;
  lists: Related[] | undefined;
  ctx: FieldContext;
  inline: RecordForm['inline'];
  narrow: boolean;
}): ReactNode {
  const { entity: find } = useApp();
  const target = node.entity ? find(node.entity) : undefined;
  const via = target?.fields.find((f) => f.id === node.via || f.key === node.via);
  if (!target || !via) return null;
  const list = lists?.find((one) => find(one.entity)?.id === target.id && (one.via === via.key || one.via === via.id));
  return (
    <RelatedList
      related={list ?? { entity: target.key, via: via.key, count: 0, records: [] }}
      {...{ entity, record, ctx, inline, narrow }}
      title={textOf(node.title) || textOf(node.label) || undefined}
    />
  );
}

/** Story, related lists and files behind tabs; on a page the story has its own column. */
function Surroundings({
  entity,
  record,
  shown,
  lists,
  place,
  inLayout,
}: Shared & {
  shown: RecordForm;
  lists: ReturnType<typeof useRelated>;
  place: 'panel' | 'page';
  inLayout: Set<string>;
}) {
  const { entity: find } = useApp();
  const { ctx, inline } = shown;
  const files = fileGroups(entity, record);
  const fileCount = files.reduce((n, group) => n + group.files.length, 0);
  const own = (lists.data ?? []).filter((list) => {
    const target = find(list.entity);
    const via = viaOf(list, target);
    return target && via && !inLayout.has(`${target.id}/${via.id}`) && !inLayout.has(`${target.key}/${via.key}`);
  });
  const nameOf = (list: Related) => relatedName(list, own, find);
  const full = own.filter((list) => (list.count ?? list.records.length) > 0);
  const tabbed = full.slice(0, place === 'page' ? 5 : 3);
  const rest = own.filter((list) => !tabbed.includes(list));
  const tabs = [
    ...(place === 'panel' ? [{ value: 'story', label: t('record.timeline') }] : []),
    ...tabbed.map((list) => ({
      value: keyOf(list),
      label: nameOf(list),
      count: list.count ?? list.records.length,
    })),
    ...(rest.length > 0 ? [{ value: 'rest', label: t('record.otherRelated') }] : []),
    ...(fileCount > 0 ? [{ value: 'files', label: t('record.attachments'), count: fileCount }] : []),
  ];
  const [chosen, setChosen] = useState('story');
  const value = tabs.some((tab) => tab.value === chosen) ? chosen : (tabs[0]?.value ?? '');
  const narrow = place === 'panel';
  const current = tabbed.find((list) => keyOf(list) === value);
  // The story is there in any case, what it needs not.
  if (tabs.length === 0) return lists.isPending ? <SkeletonText lines={3} /> : null;
  return (
    <div className={styles.around}>
      <Tabs id="record-around" aria-label={t('record.details')} value={value} onChange={setChosen} tabs={tabs} />
      <div
        role="tabpanel"
        id={`record-around-panel-${value}`}
        aria-labelledby={`record-around-${value}`}
        className={styles.panel}
      >
        {value === 'story' && <Timeline entity={entity} id={record.id} ctx={ctx} />}
        {value === 'files' && <Attachments groups={files} record={record} ctx={ctx} />}
        {current && <RelatedList bare related={current} {...{ entity, record, ctx, inline, narrow }} />}
        {value === 'rest' && (
          <Rest
            lists={rest}
            render={(list) => (
              <RelatedList
                key={keyOf(list)}
                related={list}
                title={nameOf(list)}
                {...{ entity, record, ctx, inline, narrow }}
              />
            )}
            {...{ nameOf, entity, record, ctx, inline }}
          />
        )}
        {lists.isError && value !== 'story' && (
          <ErrorState compact error={lists.error} onRetry={() => lists.refetch()} />
        )}
      </div>
    </div>
  );
}

const keyOf = (list: Related): string => `${list.entity}/${list.via}`;

/** Two fields of one form may link here: then each list says by which. */
function relatedName(list: Related, all: Related[], find: (entity: string) => RuntimeEntity | undefined): string {
  const target = find(list.entity);
  const name = textOf(target?.name);
  if (!all.some((other) => other !== list && other.entity === list.entity)) return name;
  const via = viaOf(list, target);
  return t('record.relatedVia', { name, via: textOf(via?.name) });
}

/** Lists with records one below the other; those without only as a way to add to them. */
function Rest({
  lists,
  render,
  nameOf,
  entity,
  record,
  ctx,
  inline,
}: {
  lists: Related[];
  render: (list: Related) => ReactNode;
  nameOf: (list: Related) => string;
  entity: RuntimeEntity;
  record: RecordData;
  ctx: FieldContext;
  inline: RecordForm['inline'];
}) {
  const { entity: find } = useApp();
  const addTo = useAddRelated(entity, record, ctx, inline);
  const full = lists.filter((list) => list.records.length > 0);
  const blank = lists.filter((list) => list.records.length === 0 && find(list.entity)?.ops.includes('create'));
  return (
    <div className={styles.rest}>
      {full.map(render)}
      {full.length === 0 && <p className={styles.none}>{t('record.noRelated')}</p>}
      {blank.length > 0 && (
        <Menu
          items={blank.map((list) => {
            const target = find(list.entity);
            const via = viaOf(list, target);
            return {
              label: t('record.addTo', { name: nameOf(list) }),
              icon: target?.icon,
              onSelect: () => void (target && via && addTo(target, via)),
            };
          })}
        >
          <Button size="sm" icon="plus" iconAfter="chevron-down">
            {t('record.add')}
          </Button>
        </Menu>
      )}
    </div>
  );
}
