// Says why a field cannot be changed.
import { useState } from 'react';
import { asProblem } from '@/api/client';
import type { RuntimeField } from '@/api/types';
import { Icon } from '@/kit/Icon';
import { Popover } from '@/kit/Popover';
import { Spinner } from '@/kit/Spinner';
import { t } from '@/locales';
import { useMaybeApp } from '../app/context';
import { derivationOf } from './derivation';
import styles from './form.module.css';
import { useForm } from './use-model';

export function WhyButton({
  field,
  label,
  locked,
  derived,
  why,
}: {
  field: RuntimeField;
  label: string;
  locked: boolean;
  derived: boolean;
  why: (field: string) => Promise<string[]>;
}) {
  const [reasons, setReasons] = useState<string[] | null>(null);
  const { model, ctx } = useForm();
  const app = useMaybeApp();
  const from =
    derived && app
      ? derivationOf(
          field,
          model.entity,
          { entityOf: app.entity, params: app.runtime.app.params ?? [] },
          (key) => model.current()[key],
          ctx,
        )
      : null;
  const own = locked ? t('record.lockedByForm') : derived ? t('record.computedField') : null;
  return (
    <Popover
      width={from ? 340 : 280}
      label={t('record.whyTitle', { name: label })}
      onChange={(open) => {
        if (!open || reasons) return;
        if (own) setReasons([own]);
        else
          why(field.key).then(
            (list) => setReasons(list.length > 0 ? list : [t('record.noReason')]),
            (error) => setReasons([asProblem(error).message]),
          );
      }}
      target={
        <button
          type="button"
          className={styles.why}
          data-computed={derived || undefined}
          aria-label={t('record.whyTitle', { name: label })}
          title={t('record.whyTitle', { name: label })}
        >
          <Icon name={derived ? 'formula' : 'lock'} size={14} />
        </button>
      }
    >
      <div className={styles.reasons}>
        <p className={styles.reasonsTitle}>{t('record.whyReadOnly')}</p>
        {reasons === null ? <Spinner size={14} /> : reasons.map((text) => <p key={text}>{text}</p>)}
        {from && (
          <>
            <p className={styles.reasonsTitle}>{t('record.howComputed')}</p>
            <p className={styles.derivation}>{from.words}</p>
            {from.inputs.length > 0 && (
              <dl className={styles.inputs}>
                {from.inputs.map((one) => (
                  <div key={one.label} className={styles.inputRow}>
                    <dt>{one.label}</dt>
                    <dd>{one.value}</dd>
                  </div>
                ))}
              </dl>
            )}
          </>
        )}
      </div>
    </Popover>
  );
}
