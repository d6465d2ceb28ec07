import { Icon, type IconProps } from '@/kit/Icon';
import styles from './inputs.module.css';

/** Dials, writes or opens what a contact field holds. */
export function ActionLink({
  href,
  icon,
  label,
  external,
}: {
  href: string;
  icon: IconProps['name'];
  label: string;
  external?: boolean;
}) {
  return (
    <a
      href={href}
      className={styles.action}
      title={label}
      aria-label={label}
      {...(external ? { target: '_blank', rel: 'noreferrer noopener' } : {})}
      onClick={(e) => e.stopPropagation()}
    >
      <Icon name={icon} size={14} />
    </a>
  );
}
