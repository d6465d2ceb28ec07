import { Icon } from '@/kit/Icon';
import { t } from '@/locales';
import styles from '../cells.module.css';
import type { CellProps } from '../define';

export function Cell({ value, variant }: CellProps<boolean>) {
  if (value === null || value === undefined) return null;
  if (variant === 'detail') return <span>{t(value ? 'common.yes' : 'common.no')}</span>;
  return value ? <Icon name="tick" label={t('common.yes')} className={styles.tick} /> : null;
}
