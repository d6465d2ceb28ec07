import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Form, RuntimeEntity } from '@/api/types';
import { EmptyState, LinkButton } from '@/kit';
import { toast } from '@/kit/toast';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { type Entry, findEntry } from '@/runtime/app/menu';
import { formFor } from '@/runtime/form/layout';
import { NewRecord } from '@/runtime/form/NewRecord';
import { useUnsavedGuard } from '@/runtime/form/use-unsaved-guard';
import { recordPath } from '@/runtime/record/use-record-actions';
import { NotFound } from '../errors/NotFound';
import { Page } from '../shell/Page';

/** Filling in a new record on a page: below a list at ".../new", or a form's own menu entry. */
export function RecordNew() {
  const { menu: slug = '' } = useParams();
  const { runtime, menu } = useApp();
  const [params] = useSearchParams();
  const entry = findEntry(runtime, menu, slug);
  const target = entry?.target;
  if (!entry || (target?.kind !== 'entity' && target?.kind !== 'form')) return <NotFound />;
  const wanted = params.get('form');
  const own = runtime.forms.find(
    (form) => (form.id === wanted || form.key === wanted) && form.entity === target.entity.id,
  );
  const form = target.kind === 'form' ? target.form : (own ?? formFor(runtime.forms, target.entity));
  return (
    <FillIn key={`${entry.item.id}/${form.id}`} entry={entry} entity={target.entity} form={form} params={params} />
  );
}

function FillIn({
  entry,
  entity,
  form,
  params,
}: {
  entry: Entry;
  entity: RuntimeEntity;
  form: Form;
  params: URLSearchParams;
}) {
  const { app, base } = useApp();
  const navigate = useNavigate();
  const [dirty, setDirty] = useState(false);
  const pass = useUnsavedGuard(dirty);
  const menu = entry.slug ?? entity.key;
  const asForm = entry.target?.kind === 'form';
  const recordsPath = `${base}/${asForm ? entity.key : menu}`;
  const crumbs = [
    { label: textOf(app.name), to: base },
    ...(asForm
      ? [{ label: textOf(entry.item.name) }]
      : [
          { label: textOf(entry.item.name), to: `${base}/${menu}` },
          { label: t('form.newTitle', { name: textOf(entity.name) }) },
        ]),
  ];
  if (!entity.ops.includes('create')) {
    return (
      <Page flush crumbs={crumbs}>
        <EmptyState
          icon="lock"
          title={t('form.noAccess', { name: textOf(entity.name) })}
          help={t('errors.noAccessHelp')}
          action={
            entity.ops.includes('read') ? (
              <LinkButton to={recordsPath}>{t('record.backToList')}</LinkButton>
            ) : (
              <LinkButton to={base}>{t('errors.backApp')}</LinkButton>
            )
          }
        />
      </Page>
    );
  }
  return (
    <Page flush crumbs={crumbs}>
      <NewRecord
        page
        entity={entity}
        form={form}
        params={params}
        onDirty={setDirty}
        onCancel={() => navigate(asForm ? base : `${base}/${menu}`)}
        onSaved={(record, again) => {
          const name = record._title || textOf(entity.name);
          toast(textOf(form.thanks_text) || t('record.savedName', { name }), { tone: 'success' });
          if (again) return;
          pass();
          // Who may add without reading goes back to where they came from.
          navigate(entity.ops.includes('read') ? recordPath(base, entity.key, record.id) : base);
        }}
      />
    </Page>
  );
}
