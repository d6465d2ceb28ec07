import { memo } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf, isEmpty } from '@/fields';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './card.module.css';

/** A record on a card: its title and the values that are filled in. */
export const CardBody = memo(function CardBody({
  record,
  fields,
  ctx,
}: {
  record: RecordData;
  fields: RuntimeField[];
  ctx: FieldContext;
}) {
  const some = fields.filter(
    (f) => !isEmpty(record[f.key]) && record[f.key] !== false && record[f.key] !== record._title,
  );
  return (
    <span className={styles.card}>
      <span className={styles.title}>{record._title || t('fields.untitled')}</span>
      {some.length > 0 && (
        <span className={styles.values}>
          {some.map((f) => {
            const { Cell } = fieldOf(f.type);
            return (
              <span key={f.id} className={styles.value} title={textOf(f.name)}>
                {/* A bare tick or number says nothing by itself. */}
                {(f.kind === 'bool' || f.kind === 'number') && <span className={styles.name}>{textOf(f.name)}</span>}
                <Cell value={record[f.key] as never} field={f} ctx={ctx} variant="card" record={record.id} />
              </span>
            );
          })}
        </span>
      )}
    </span>
  );
});
