// One record, shown to whoever has its link.
import { useMemo } from 'react';
import type { FieldContext } from '@/fields/define';
import { useLocale } from '@/locales';
import { FormBody } from '@/runtime/form/FormBody';
import { plainForm } from '@/runtime/form/layout';
import { useFormModel } from '@/runtime/form/use-model';
import { useSave } from '@/runtime/form/use-save';
import type { PublicProps } from './PublicForm';

/** The record's id and title are no fields: what a link may show are fields alone. */
export function PublicRecord({ token, share }: PublicProps) {
  const locale = useLocale();
  const { entity, record } = share;
  const zone = share.time_zone ?? 'Asia/Shanghai';
  const ctx = useMemo<FieldContext>(
    () => ({
      names: share._names ?? (record?._names as Record<string, string> | undefined) ?? {},
      locale,
      zone,
      app: null,
    }),
    [share, record, locale, zone],
  );
  const model = useFormModel(token, () => {
    const shown = {
      id: '',
      key: '',
      name: share.name,
      title: '',
      ops: [],
      ...entity,
      fields: (entity?.fields ?? []).map((f) => ({ ...f, writable: false })),
    };
    return {
      entity: shown,
      form: share.form ?? plainForm(shown),
      trees: {},
      env: { zone, me: null },
      record: record ?? { id: token, rev: 0 },
    };
  });
  const save = useSave({ model, ctx, send: async () => null, onSaved: () => {} });
  return <FormBody model={model} ctx={ctx} mode="record" save={save} />;
}
