import { useLayoutEffect, useRef } from 'react';
import type { Hue } from '@/api/types';
import { AppIcon, cx, definitionIconNames, FieldFrame, hues, hueVars, Icon } from '@/kit';
import { lookup, t } from '@/locales';
import styles from './IconHueField.module.css';

/** One of the named icons, as a grid. */
export function IconGrid({
  value,
  onChange,
  label,
  hue,
}: {
  value: string | undefined;
  onChange: (icon: string) => void;
  label?: string;
  hue?: Hue;
}) {
  const grid = useRef<HTMLDivElement>(null);
  // The grid scrolls to the chosen one, and only the grid, not the page around it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen
  useLayoutEffect(() => {
    const box = grid.current;
    const chosen = box?.querySelector<HTMLElement>(`.${styles.chosen}`);
    if (!box || !chosen) return;
    const below = chosen.offsetTop + chosen.offsetHeight - box.clientHeight;
    if (box.scrollTop < below || box.scrollTop > chosen.offsetTop)
      box.scrollTop = below + (box.clientHeight - chosen.offsetHeight) / 2;
  }, [value]);
  return (
    <FieldFrame
      label={label ?? t('home.icon')}
      group="radiogroup"
      aside={hue && <AppIcon icon={value} hue={hue} size={24} />}
    >
      {(ids) => (
        <div ref={grid} className={styles.icons}>
          {definitionIconNames.map((name) => (
            <label
              key={name}
              className={cx(styles.icon, name === value && styles.chosen)}
              title={lookup(`icons.${name}`) ?? name}
            >
              <input
                type="radio"
                name={ids.id}
                className={styles.input}
                checked={name === value}
                aria-label={lookup(`icons.${name}`) ?? name}
                onChange={() => onChange(name)}
              />
              <Icon name={name} />
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  );
}

/** One of the twelve hues, as dots. */
export function HueDots({
  value,
  onChange,
  label,
}: {
  value: string | undefined;
  onChange: (hue: Hue) => void;
  label?: string;
}) {
  return (
    <FieldFrame label={label} group="radiogroup">
      {(ids) => (
        <div
          className={styles.hues}
          role={label ? undefined : 'radiogroup'}
          aria-label={label ? undefined : t('home.color')}
        >
          {hues.map((one) => (
            <label
              key={one}
              className={cx(styles.hue, one === value && styles.chosenHue)}
              style={hueVars(one)}
              title={lookup(`hues.${one}`)}
            >
              <input
                type="radio"
                name={ids.id}
                className={styles.input}
                checked={one === value}
                aria-label={lookup(`hues.${one}`)}
                onChange={() => onChange(one as Hue)}
              />
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  );
}

/** Icon and hue of an app or a form. */
export function IconHueField({
  icon,
  hue,
  onIcon,
  onHue,
}: {
  icon: string;
  hue: Hue;
  onIcon: (icon: string) => void;
  onHue: (hue: Hue) => void;
}) {
  return (
    <>
      <IconGrid value={icon} onChange={onIcon} hue={hue} />
      <HueDots value={hue} onChange={onHue} label={t('home.color')} />
    </>
  );
}
