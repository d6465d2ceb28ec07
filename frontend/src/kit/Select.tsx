import { Combobox, useCombobox } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';
import { Icon, type IconProps } from './Icon';
import inputStyles from './input.module.css';
import { MantineScope } from './MantineScope';
import styles from './Select.module.css';
import { Spinner } from './Spinner';
import { Tag } from './Tag';
import { composing } from './TextInput';

export interface Option<V extends string = string> {
  value: V;
  label: string;
  /** Shown as a tag of this hue. */
  hue?: string;
  icon?: IconProps['name'];
  /** Anything before the label, e.g. an avatar. */
  before?: ReactNode;
  /** A second, quieter line. */
  description?: string;
  disabled?: boolean;
  /** Options of the same group stand under its title. */
  group?: string;
  /** Other words to find it by. */
  keywords?: string;
}

interface PickerProps<V extends string> extends FrameProps {
  options: Option<V>[];
  /** How values are shown that the options do not hold just now. */
  chosen?: Option<V>[];
  placeholder?: string;
  /** What holds while nothing is chosen, e.g. "everybody": said as a value, not as a hint. */
  standing?: string;
  size?: 'sm' | 'md';
  /** A cross for the mouse beside the arrow, and an entry at the foot of the list; or that entry alone. */
  clearable?: boolean | 'list';
  disabled?: boolean;
  /** No border until hovered or focused: cells and property rows. */
  bare?: boolean;
  /** Search box; by default when there are more than eight options. */
  searchable?: boolean;
  /** Options come from the server: called with what was typed. */
  onSearch?: (text: string) => void;
  loading?: boolean;
  /** Shown when nothing matches. */
  empty?: ReactNode;
  /** Offered below the options with the typed text, e.g. to create one. */
  onCreate?: (text: string) => void;
  createLabel?: (text: string) => string;
  /** Below the options, e.g. a link. */
  footer?: ReactNode;
  dropdownWidth?: number | 'target';
  id?: string;
  'aria-label'?: string;
  /** Opens at once: cell editors. */
  autoOpen?: boolean;
  /** What was typed before the list could take the focus. */
  initialSearch?: string;
  onClose?: () => void;
}

export interface SelectProps<V extends string = string> extends PickerProps<V> {
  value: V | null | undefined;
  onChange: (value: V | null) => void;
}

export interface MultiSelectProps<V extends string = string> extends PickerProps<V> {
  value: V[];
  onChange: (value: V[]) => void;
}

/** One of many options. */
export function Select<V extends string = string>({ value, onChange, ...rest }: SelectProps<V>) {
  return (
    <MantineScope>
      <Picker<V>
        {...rest}
        selected={value === null || value === undefined || value === ('' as V) ? [] : [value]}
        onPick={(picked) => onChange(picked)}
        onClear={() => onChange(null)}
      />
    </MantineScope>
  );
}

/** Several of many options, shown as tags. */
export function MultiSelect<V extends string = string>({ value, onChange, ...rest }: MultiSelectProps<V>) {
  return (
    <MantineScope>
      <Picker<V>
        {...rest}
        multiple
        selected={value}
        onPick={(picked) => onChange(value.includes(picked) ? value.filter((v) => v !== picked) : [...value, picked])}
        onRemove={(gone) => onChange(value.filter((v) => v !== gone))}
        onClear={() => onChange([])}
      />
    </MantineScope>
  );
}

interface InnerProps<V extends string> extends PickerProps<V> {
  selected: V[];
  multiple?: boolean;
  onPick: (value: V) => void;
  onRemove?: (value: V) => void;
  onClear: () => void;
}

function Picker<V extends string>({
  options,
  chosen,
  selected,
  multiple,
  onPick,
  onRemove,
  onClear,
  placeholder,
  standing,
  size = 'md',
  clearable,
  disabled,
  bare,
  searchable,
  onSearch,
  loading,
  empty,
  onCreate,
  createLabel,
  footer,
  dropdownWidth = 'target',
  autoOpen,
  initialSearch = '',
  onClose,
  label,
  help,
  error,
  required,
  optional,
  inline,
  aside,
  className,
  id,
  'aria-label': ariaLabel,
}: InnerProps<V>) {
  const [search, setSearch] = useState(initialSearch);
  const withSearch = (searchable ?? (options.length > 8 || !!onSearch || !!onCreate)) || initialSearch !== '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each key that came too early
  useEffect(() => {
    if (initialSearch === '') return;
    setSearch(initialSearch);
    onSearch?.(initialSearch);
  }, [initialSearch]);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
      onSearch?.('');
      onClose?.();
    },
    onDropdownOpen: () => {
      if (withSearch) combobox.focusSearchInput();
      if (!search.trim()) combobox.updateSelectedOptionIndex('active');
    },
  });

  // Selects are many, and few are opened: the list is made when its control is reached.
  const [reached, setReached] = useState(autoOpen ?? false);
  const opened = useRef(false);
  useEffect(() => {
    if (!autoOpen || opened.current) return;
    // The list has to be there before it opens: the first match is marked in it.
    if (!reached) {
      setReached(true);
      return;
    }
    opened.current = true;
    // The arrow keys belong to the list from now on.
    if (!withSearch) combobox.focusTarget();
    combobox.openDropdown();
  }, [autoOpen, reached, withSearch, combobox]);

  const needle = search.trim().toLowerCase();
  const shown =
    needle && !onSearch
      ? options.filter((o) => `${o.label} ${o.keywords ?? ''} ${o.description ?? ''}`.toLowerCase().includes(needle))
      : options;
  const groups = new Map<string, Option<V>[]>();
  for (const option of shown) groups.set(option.group ?? '', [...(groups.get(option.group ?? '') ?? []), option]);
  // Typing and Enter take the first that matches; not one of the answer before.
  const first = shown.find((o) => !o.disabled)?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever other options are offered
  useEffect(() => {
    if (!combobox.dropdownOpened || !search.trim()) return;
    if (loading) combobox.resetSelectedOption();
    else combobox.selectFirstOption();
  }, [search, first, shown.length, loading, combobox.dropdownOpened]);
  const find = (value: V): Option<V> =>
    [...options, ...(chosen ?? [])].find((o) => o.value === value) ?? { value, label: value };
  // Escape closes the list alone: what lies around it hears that it was used.
  const used = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && combobox.dropdownOpened && !composing(e)) e.preventDefault();
  };
  const offersCreate = onCreate && search.trim() !== '' && !options.some((o) => o.label === search.trim());

  const row = (option: Option<V>) => (
    <Combobox.Option
      key={option.value}
      value={option.value}
      disabled={option.disabled}
      active={selected.includes(option.value)}
      aria-selected={selected.includes(option.value)}
      className={styles.option}
    >
      {option.before}
      {option.icon && <Icon name={option.icon} className={styles.icon} />}
      <span className={styles.words}>
        {option.hue ? (
          <Tag hue={option.hue}>{option.label}</Tag>
        ) : (
          <span className={styles.label} title={option.label}>
            {option.label}
          </span>
        )}
        {option.description && <span className={styles.description}>{option.description}</span>}
      </span>
      {selected.includes(option.value) && <Icon name="tick" className={styles.tick} />}
    </Combobox.Option>
  );

  return (
    <FieldFrame {...{ label, help, error, required, optional, inline, aside, className, id }}>
      {(ids) => (
        <Combobox
          store={combobox}
          disabled={disabled}
          position="bottom-start"
          width={dropdownWidth}
          offset={4}
          zIndex="var(--z-pop)"
          transitionProps={{ duration: 0 }}
          classNames={{
            dropdown: styles.dropdown,
            options: styles.options,
            search: styles.search,
            empty: styles.empty,
            group: styles.group,
            groupLabel: styles.groupLabel,
            footer: styles.footer,
          }}
          onOptionSubmit={(value) => {
            // At once and first: neither a quick Tab nor whoever takes the focus on is to lose it again.
            if (!multiple) combobox.targetRef.current?.focus();
            if (value === '\u0000create') onCreate?.(search.trim());
            else onPick(value as V);
            if (multiple) setSearch('');
            else combobox.closeDropdown();
          }}
        >
          <Combobox.Target targetType="button" withExpandedAttribute>
            {/* Not a button: it holds the remove buttons of the tags. */}
            <div
              role="combobox"
              tabIndex={disabled ? -1 : 0}
              aria-disabled={disabled || undefined}
              aria-labelledby={label && !ariaLabel ? `${ids.id}-label` : undefined}
              className={cx(inputStyles.box, size === 'sm' && inputStyles.sm, bare && inputStyles.bare, styles.target)}
              data-disabled={disabled || undefined}
              data-invalid={error ? true : undefined}
              data-open={combobox.dropdownOpened || undefined}
              aria-label={ariaLabel}
              onFocus={() => setReached(true)}
              onKeyDown={used}
              onClick={() => {
                if (!disabled) combobox.toggleDropdown();
              }}
              {...ids}
            >
              <span className={cx(styles.value, multiple && styles.many)}>
                {selected.length === 0 ? (
                  <span
                    className={standing ? styles.label : styles.placeholder}
                    title={standing ?? placeholder ?? t('common.choose')}
                  >
                    {standing ?? placeholder ?? t('common.choose')}
                  </span>
                ) : multiple ? (
                  selected.map((value) => {
                    const option = find(value);
                    return (
                      <Tag
                        key={value}
                        hue={option.hue}
                        onRemove={disabled ? undefined : () => onRemove?.(value)}
                        removeLabel={t('common.removeItem', { name: option.label })}
                      >
                        {option.label}
                      </Tag>
                    );
                  })
                ) : (
                  <Chosen option={find(selected[0] as V)} />
                )}
              </span>
              {clearable === true && selected.length > 0 && !disabled && (
                // For the mouse only: keyboard and fingers clear at the foot of the list.
                <span
                  className={cx(inputStyles.clear, styles.clear)}
                  aria-hidden
                  onClick={(e) => {
                    e.stopPropagation();
                    onClear();
                  }}
                >
                  <Icon name="x" size={14} />
                </span>
              )}
              <Icon name="chevron-down" size={14} className={inputStyles.affix} />
            </div>
          </Combobox.Target>
          {reached && (
            <Combobox.Dropdown miw={180}>
              {withSearch && (
                <Combobox.Search
                  value={search}
                  placeholder={t('common.search')}
                  aria-label={t('common.search')}
                  onChange={(e) => {
                    setSearch(e.currentTarget.value);
                    onSearch?.(e.currentTarget.value);
                  }}
                  onKeyDown={(e) => {
                    if (composing(e)) e.stopPropagation();
                    used(e);
                  }}
                />
              )}
              <Combobox.Options aria-label={ariaLabel ?? (typeof label === 'string' ? label : undefined)}>
                {[...groups].map(([name, members]) =>
                  name ? (
                    <Combobox.Group key={name} label={name}>
                      {members.map(row)}
                    </Combobox.Group>
                  ) : (
                    members.map(row)
                  ),
                )}
                {offersCreate && (
                  <Combobox.Option value={'\u0000create'} className={styles.option}>
                    <Icon name="plus" className={styles.icon} />
                    <span className={styles.label}>{createLabel?.(search.trim()) ?? search.trim()}</span>
                  </Combobox.Option>
                )}
                {shown.length === 0 && !offersCreate && (
                  <Combobox.Empty>
                    {loading ? (
                      <Spinner size={14} />
                    ) : (
                      (empty ?? (search ? t('common.nothingFound', { query: search }) : t('common.noResults')))
                    )}
                  </Combobox.Empty>
                )}
              </Combobox.Options>
              {(footer || (clearable && selected.length > 0)) && (
                <Combobox.Footer>
                  {clearable && selected.length > 0 && (
                    <button
                      type="button"
                      className={styles.footerAction}
                      onClick={() => {
                        onClear();
                        combobox.closeDropdown();
                      }}
                    >
                      {t('common.clear')}
                    </button>
                  )}
                  {footer}
                </Combobox.Footer>
              )}
            </Combobox.Dropdown>
          )}
        </Combobox>
      )}
    </FieldFrame>
  );
}

function Chosen<V extends string>({ option }: { option: Option<V> }) {
  if (option.hue) return <Tag hue={option.hue}>{option.label}</Tag>;
  return (
    <>
      {option.before}
      {option.icon && <Icon name={option.icon} className={styles.icon} />}
      <span className={styles.label} title={option.label}>
        {option.label}
      </span>
    </>
  );
}
