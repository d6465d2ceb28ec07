import type { Hue } from '@/api/types';
import { AppIcon, cx, definitionIconNames, FieldFrame, hues, hueVars, Icon } from '@/kit';
import { lookup, t } from '@/locales';
import styles from './IconChooser.module.css';

/** Icon and hue of an app or an entity. */
export function IconChooser({
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
      <FieldFrame label={t('home.icon')} group="radiogroup" aside={<AppIcon icon={icon} hue={hue} size={24} />}>
        {() => (
          <div className={styles.icons}>
            {definitionIconNames.map((name) => (
              <label
                key={name}
                className={cx(styles.icon, name === icon && styles.chosen)}
                title={lookup(`icons.${name}`) ?? name}
              >
                <input
                  type="radio"
                  name="icon"
                  className={styles.input}
                  checked={name === icon}
                  aria-label={lookup(`icons.${name}`) ?? name}
                  onChange={() => onIcon(name)}
                />
                <Icon name={name} />
              </label>
            ))}
          </div>
        )}
      </FieldFrame>
      <FieldFrame label={t('home.color')} group="radiogroup">
        {() => (
          <div className={styles.hues}>
            {hues.map((one) => (
              <label
                key={one}
                className={cx(styles.hue, one === hue && styles.chosenHue)}
                style={hueVars(one)}
                title={lookup(`hues.${one}`)}
              >
                <input
                  type="radio"
                  name="hue"
                  className={styles.input}
                  checked={one === hue}
                  aria-label={lookup(`hues.${one}`)}
                  onChange={() => onHue(one)}
                />
              </label>
            ))}
          </div>
        )}
      </FieldFrame>
    </>
  );
}
