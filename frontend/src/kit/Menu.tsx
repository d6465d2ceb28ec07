import { Menu as Base } from '@mantine/core';
import { cloneElement, type MouseEvent, type ReactElement, type ReactNode, type Ref, useId, useState } from 'react';
import { Anchor, useAnchor } from './anchor';
import { cx } from './cx';
import { Icon, type IconProps } from './Icon';
import { shortcutText } from './Kbd';
import { MantineScope } from './MantineScope';
import styles from './Menu.module.css';

export interface MenuAction {
  label: string;
  icon?: IconProps['name'];
  /** Anything before the label, e.g. a coloured dot. */
  before?: ReactNode;
  description?: string;
  onSelect?: () => void;
  /** Goes to an address of another site or a download. */
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  /** "mod+d" */
  shortcut?: string;
  checked?: boolean;
  /** Opens to the side. */
  items?: MenuEntry[];
}

export type MenuEntry = MenuAction | { divider: true } | { title: string } | false | null | undefined;

export interface MenuProps {
  items: MenuEntry[];
  /** The button; must take a ref. */
  children: ReactElement<{ ref?: Ref<HTMLElement>; onClick?: (e: MouseEvent<HTMLElement>) => void }>;
  position?: 'bottom-start' | 'bottom-end' | 'right-start' | 'top-start' | 'top-end';
  width?: number | 'target';
  opened?: boolean;
  onChange?: (opened: boolean) => void;
  header?: ReactNode;
}

/** A list of actions below a button. */
export function Menu({ items, children, position = 'bottom-start', width, opened, onChange, header }: MenuProps) {
  const [own, setOwn] = useState(false);
  const open = opened ?? own;
  const id = useId();
  const [ref, anchor, there] = useAnchor(children, open, `${id}-dropdown`);
  const set = (next: boolean) => {
    setOwn(next);
    onChange?.(next);
  };
  const control = {
    ref,
    id,
    'aria-haspopup': 'menu',
    'aria-expanded': open,
    'aria-controls': open ? `${id}-dropdown` : undefined,
    onClick: (e: MouseEvent<HTMLElement>) => {
      children.props.onClick?.(e);
      set(!open);
    },
  };
  return (
    <>
      {cloneElement(children, control)}
      {anchor && (
        <MantineScope>
          <Base
            id={id}
            position={position}
            width={width}
            opened={there}
            onChange={set}
            returnFocus={false}
            // Where a press is taken for dragging, no click of the mouse follows it.
            clickOutsideEvents={['pointerdown', 'keydown']}
            offset={4}
            zIndex="var(--z-pop)"
            transitionProps={{ duration: 0 }}
            // A focusable placeholder has no place among the items of a menu.
            withInitialFocusPlaceholder={false}
            classNames={{
              // A nested menu lies inside this one: scrolling would cut it off.
              dropdown: cx(styles.dropdown, !items.some((i) => i && 'items' in i) && styles.scroll),
              item: styles.item,
              itemLabel: styles.itemLabel,
              itemSection: styles.section,
              label: styles.title,
              divider: styles.divider,
            }}
          >
            <Base.Target>
              <Anchor element={anchor} />
            </Base.Target>
            <Base.Dropdown>
              {header}
              {entries(items)}
            </Base.Dropdown>
          </Base>
        </MantineScope>
      )}
    </>
  );
}

/** A menu at a point of the screen: right clicks. `at` null closes it. */
export function MenuAt({
  at,
  items,
  onClose,
}: {
  at: { x: number; y: number } | null;
  items: MenuEntry[];
  onClose: () => void;
}) {
  if (!at) return null;
  return (
    <Menu items={items} opened onChange={(open) => !open && onClose()}>
      <span className={styles.point} style={{ left: at.x, top: at.y }} />
    </Menu>
  );
}

function entries(items: MenuEntry[]) {
  return items.map((item, i) => {
    if (!item) return null;
    // biome-ignore-start lint/suspicious/noArrayIndexKey: titles and lines have no identity
    if ('divider' in item) return <Base.Divider key={`divider-${i}`} />;
    if ('title' in item) return <Base.Label key={`title-${i}`}>{item.title}</Base.Label>;
    // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
    if (item.items) {
      return (
        <Base.Sub key={item.label} position="right-start" offset={4}>
          <Base.Sub.Target>
            <Base.Sub.Item
              leftSection={lead(item)}
              rightSection={<Icon name="chevron-right" size={14} />}
              disabled={item.disabled}
            >
              {item.label}
            </Base.Sub.Item>
          </Base.Sub.Target>
          <Base.Sub.Dropdown>{entries(item.items)}</Base.Sub.Dropdown>
        </Base.Sub>
      );
    }
    const shared = {
      leftSection: lead(item),
      rightSection: item.checked ? (
        <Icon name="tick" />
      ) : item.shortcut ? (
        <kbd>{shortcutText(item.shortcut)}</kbd>
      ) : undefined,
      disabled: item.disabled,
      'data-danger': item.danger || undefined,
      children: item.description ? (
        <>
          <span>{item.label}</span>
          <span className={styles.description}>{item.description}</span>
        </>
      ) : (
        item.label
      ),
    };
    if (item.href) return <Base.Item key={item.label} component="a" href={item.href} {...shared} />;
    return (
      <Base.Item
        key={item.label}
        onClick={item.onSelect}
        role={item.checked === undefined ? undefined : 'menuitemcheckbox'}
        aria-checked={item.checked}
        {...shared}
      />
    );
  });
}

function lead(item: MenuAction) {
  if (item.before) return item.before;
  return item.icon ? <Icon name={item.icon} /> : undefined;
}
