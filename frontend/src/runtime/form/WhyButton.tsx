// Says why a field cannot be changed.
import { useState } from 'react';
import { asProblem } from '@/api/client';
import { Icon } from '@/kit/Icon';
import { Popover } from '@/kit/Popover';
import { Spinner } from '@/kit/Spinner';
import { t } from '@/locales';
import styles from './form.module.css';

export function WhyButton({
  field,
  label,
  locked,
  computed,
  why,
}: {
  field: string;
  label: string;
  locked: boolean;
  computed: boolean;
  why: (field: string) => Promise<string[]>;
}) {
  const [reasons, setReasons] = useState<string[] | null>(null);
  const own = locked ? t('record.lockedByForm') : computed ? t('record.computedField') : null;
  return (
    <Popover
      width={280}
      label={t('record.whyTitle', { name: label })}
      onChange={(open) => {
        if (!open || reasons) return;
        if (own) setReasons([own]);
        else
          why(field).then(
            (list) => setReasons(list.length > 0 ? list : [t('record.noReason')]),
            (error) => setReasons([asProblem(error).message]),
          );
      }}
      target={
        <button
          type="button"
          className={styles.why}
          data-computed={computed || undefined}
          aria-label={t('record.whyTitle', { name: label })}
          title={t('record.whyTitle', { name: label })}
        >
          <Icon name={computed ? 'formula' : 'lock'} size={14} />
        </button>
      }
    >
      <div className={styles.reasons}>
        <p className={styles.reasonsTitle}>{t('record.whyReadOnly')}</p>
        {reasons === null ? <Spinner size={14} /> : reasons.map((text) => <p key={text}>{text}</p>)}
      </div>
    </Popover>
  );
}
