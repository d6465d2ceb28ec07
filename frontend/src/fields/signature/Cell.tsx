import type { StoredFile } from '@/api/types';
import { t } from '@/locales';
import type { CellProps } from '../define';
import { filesOf } from '../files';
import styles from './signature.module.css';

export function Cell({ value, ctx, variant, record }: CellProps<StoredFile>) {
  const file = filesOf(value)[0];
  if (!file) return null;
  const url = ctx.fileUrl?.(file.id, record);
  if (!url) return <span>{t('fields.signed')}</span>;
  return (
    <img
      className={variant === 'detail' ? styles.large : styles.thumb}
      src={url}
      alt={t('fields.signature')}
      loading="lazy"
    />
  );
}
