import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type ButtonLook, buttonClass } from './Button';
import { Icon } from './Icon';

export interface LinkButtonProps extends ButtonLook {
  to: string;
  children: ReactNode;
  className?: string;
  /** Opens in a new tab. */
  external?: boolean;
}

/** A link that looks like a button: for going somewhere, not for doing something. */
export function LinkButton({ to, children, className, external, icon, iconAfter, ...look }: LinkButtonProps) {
  const content = (
    <>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {iconAfter && <Icon name={iconAfter} size={14} />}
    </>
  );
  // A call or a mail is not a page of ours.
  if (/^(tel|mailto):/.test(to)) {
    return (
      <a href={to} className={buttonClass(look, className)}>
        {content}
      </a>
    );
  }
  if (external) {
    return (
      <a href={to} target="_blank" rel="noreferrer" className={buttonClass(look, className)}>
        {content}
      </a>
    );
  }
  return (
    <Link to={to} className={buttonClass(look, className)}>
      {content}
    </Link>
  );
}
