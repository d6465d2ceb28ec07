// A form: its layout, and around it what concerns all of it.
import { type ReactNode, useMemo } from 'react';
import type { LayoutNode } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { EmptyState } from '@/kit/EmptyState';
import { Notice } from '@/kit/Notice';
import { SkeletonForm } from '@/kit/Skeleton';
import { t } from '@/locales';
import { formatRelative } from '@/locales/format';
import { FormLayout } from './FormLayout';
import styles from './form.module.css';
import type { FormModel } from './model';
import type { DraftState } from './use-draft';
import { FormProvider, type FormSurroundings, useControls } from './use-model';
import type { FormSave } from './use-save';

export interface FormBodyProps {
  model: FormModel;
  ctx: FieldContext;
  mode: 'edit' | 'record';
  save: FormSave;
  draft?: DraftState;
  related?: (node: LayoutNode) => ReactNode;
  why?: FormSurroundings['why'];
  /** Shows what is there while the rest of the controls is downloaded: for first visits. */
  progressive?: boolean;
}

export function FormBody({ model, ctx, mode, save, draft, related, why, progressive }: FormBodyProps) {
  const ready = useControls(model, mode === 'record');
  const surroundings = useMemo(() => ({ model, ctx, mode, why }), [model, ctx, mode, why]);
  return (
    <FormProvider value={surroundings}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for the shortcut of its controls */}
      <div
        ref={save.root}
        className={cx(styles.form, mode === 'record' && styles.record)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.nativeEvent.isComposing && !e.defaultPrevented) {
            e.preventDefault();
            (document.activeElement as HTMLElement | null)?.blur();
            void save.save();
          }
        }}
      >
        {draft && draft.state !== 'none' && <DraftNotice draft={draft} />}
        {model.form.layout.length === 0 && <EmptyState compact title={t('form.noLayout')} />}
        {ready || progressive || mode === 'record' ? (
          <FormLayout nodes={model.form.layout} related={related} reveal={save.reveal} />
        ) : (
          <SkeletonForm fields={Math.min(8, model.form.layout.length)} />
        )}
        <p className={styles.silent} role="status" aria-live="polite">
          {save.announced}
        </p>
      </div>
    </FormProvider>
  );
}

function DraftNotice({ draft }: { draft: DraftState }) {
  const time = formatRelative(draft.at);
  return (
    <Notice
      className={styles.notice}
      action={
        <span className={styles.noticeActions}>
          {draft.state === 'found' && (
            <Button size="sm" onClick={draft.restore}>
              {t('form.restore')}
            </Button>
          )}
          <Button size="sm" variant="plain" onClick={draft.drop}>
            {t(draft.state === 'found' ? 'form.drop' : 'form.startOver')}
          </Button>
        </span>
      }
    >
      {t(draft.state === 'found' ? 'form.found' : 'form.restored', { time })}
      {draft.state === 'found' && draft.stale ? ` ${t('form.stale')}` : ''}
    </Notice>
  );
}
