// What stands below a form: what must be mended, what was refused, the buttons.
import type { ReactNode } from 'react';
import { Button } from '@/kit/Button';
import { Icon } from '@/kit/Icon';
import { shortcutText } from '@/kit/Kbd';
import { Notice } from '@/kit/Notice';
import { t } from '@/locales';
import styles from './form.module.css';
import type { FormModel } from './model';
import { useFormState } from './use-model';
import type { FormSave } from './use-save';

export interface FormFooterProps {
  model: FormModel;
  save: FormSave;
  /** On the one solid button: save, submit. */
  action: string;
  onCancel?: () => void;
  cancelLabel?: string;
  /** At the left of the buttons. */
  aside?: ReactNode;
  /** More buttons before the solid one. */
  more?: ReactNode;
  wide?: boolean;
}

export function FormFooter({ model, save, action, onCancel, cancelLabel, aside, more, wide }: FormFooterProps) {
  const state = useFormState(model);
  return (
    <footer className={styles.footer}>
      <div className={wide ? styles.foot : styles.footInner}>
        <IssueList model={model} save={save} />
        {save.problem && (
          <Notice tone="danger" title={save.problem.offline ? undefined : t('form.refused')}>
            {save.problem.offline ? t('form.offline') : save.problem.message}
            {save.problem.requestId ? ` ${t('common.requestId', { id: save.problem.requestId })}` : ''}
          </Notice>
        )}
        <div className={styles.bar}>
          <span className={styles.state}>{state.busy ? t('form.uploading') : aside}</span>
          {onCancel && <Button onClick={onCancel}>{cancelLabel ?? t('common.cancel')}</Button>}
          {more}
          <Button
            variant="primary"
            loading={save.saving}
            disabled={state.busy}
            title={shortcutText('mod+enter')}
            onClick={() => void save.save()}
          >
            {action}
          </Button>
        </div>
      </div>
    </footer>
  );
}

/** The places to mend, each a way to it. */
export function IssueList({ model, save }: { model: FormModel; save: FormSave }) {
  const { issues, attempted } = useFormState(model);
  if (!attempted || issues.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would claim its buttons for the form
    <div className={styles.issues} role="group" aria-label={t('form.summary', { n: issues.length })}>
      <span className={styles.issuesTitle}>
        <Icon name="error" />
        {t('form.summary', { n: issues.length })}
      </span>
      {issues.map((issue) =>
        issue.path === '' ? (
          <span key="record">{issue.message}</span>
        ) : (
          <button
            key={issue.path}
            type="button"
            className={styles.issue}
            title={issue.message}
            onClick={() => save.jump(issue.path)}
          >
            {issue.label}
          </button>
        ),
      )}
    </div>
  );
}
