// A form that anybody with its link may fill in.
import { useMemo, useRef, useState } from 'react';
import { request, upload } from '@/api/client';
import { fetchPublicShare, submitPublic } from '@/api/queries/shares';
import type { PublicShare, StoredFile } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { Button } from '@/kit/Button';
import { Icon } from '@/kit/Icon';
import { t, useLocale } from '@/locales';
import { textOf } from '@/locales/text';
import { FormBody } from '@/runtime/form/FormBody';
import { FormFooter } from '@/runtime/form/FormFooter';
import { plainForm } from '@/runtime/form/layout';
import { useDraft } from '@/runtime/form/use-draft';
import { useFormContext, useFormModel } from '@/runtime/form/use-model';
import { useSave } from '@/runtime/form/use-save';
import styles from './PublicPage.module.css';

export interface PublicProps {
  token: string;
  password: string | undefined;
  share: PublicShare & { time_zone?: string };
}

const noNames: Readonly<Record<string, string>> = {};

/** Uploads below the link's own address; what was just sent is shown from memory, as links may not read files back. */
function usePublicContext(token: string, password: string | undefined, zone: string): FieldContext {
  const locale = useLocale();
  const previews = useRef(new Map<string, string>());
  return useMemo(
    () => ({
      names: noNames,
      locale,
      zone,
      app: null,
      upload: async (file, onProgress, signal) => {
        const path = `/public/${encodeURIComponent(token)}/files`;
        const body = new FormData();
        body.set('file', file, file.name);
        const stored = password
          ? await request<StoredFile>(path, { method: 'POST', body, headers: { 'X-Share-Password': password }, signal })
          : await upload<StoredFile>(path, body, onProgress, signal);
        previews.current.set(stored.id, URL.createObjectURL(file));
        return stored;
      },
      fileUrl: (id) => previews.current.get(id) ?? '',
    }),
    [token, password, zone, locale],
  );
}

export function PublicForm(props: PublicProps) {
  const [round, setRound] = useState(0);
  const [thanks, setThanks] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const { token, password } = props;
  // The submission may have been the last one that the link takes.
  const done = (text: string) => {
    setThanks(text);
    fetchPublicShare(token, password).then(
      () => setOpen(true),
      () => setOpen(false),
    );
  };
  if (thanks !== null) {
    return (
      <div className={styles.thanks} role="status">
        <span className={styles.thanksIcon}>
          <Icon name="tick" size={24} />
        </span>
        <p className={styles.thanksTitle}>{t('share.submitted')}</p>
        <p className={styles.thanksText}>{thanks || t('share.thanks')}</p>
        {open && (
          <Button
            onClick={() => {
              setRound(round + 1);
              setThanks(null);
            }}
          >
            {t('share.another')}
          </Button>
        )}
      </div>
    );
  }
  return <Fill key={round} {...props} onThanks={done} />;
}

function Fill({ token, password, share, onThanks }: PublicProps & { onThanks: (text: string) => void }) {
  const entity = share.entity;
  const zone = share.time_zone ?? 'Asia/Shanghai';
  const key = useRef(crypto.randomUUID());
  const model = useFormModel(token, () => ({
    entity: entity ?? { id: '', key: '', name: share.name, title: '', fields: [], ops: ['create'] },
    form: share.form ?? plainForm(entity ?? { id: '', key: '', name: share.name, title: '', fields: [], ops: [] }),
    trees: share.trees ?? {},
    env: { zone, me: null },
    params: new URLSearchParams(location.search),
  }));
  const ctx = useFormContext(model, usePublicContext(token, password, zone));
  const draft = useDraft(model, `public.${token}`, true);
  const save = useSave({
    model,
    ctx,
    send: (values) => submitPublic(token, values, key.current, password),
    onSaved: () => {
      draft.clear();
      onThanks(textOf(share.form?.thanks_text));
    },
  });
  return (
    <div className={styles.fill}>
      <FormBody progressive model={model} ctx={ctx} mode="edit" save={save} draft={draft} />
      <div className={styles.submit}>
        <FormFooter wide model={model} save={save} action={textOf(share.form?.submit_text) || t('form.submit')} />
      </div>
    </div>
  );
}
