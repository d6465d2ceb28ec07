import { Icon } from '@/kit';
import { t } from '@/locales';
import styles from './Canvas.module.css';
import { command, useDesigner } from './designer';

const shown = ['up', 'down', 'duplicate', 'delete'] as const;

/** The few things done most to what is selected, floating at its corner. Keys and the menu do the same. */
export function MiniBar() {
  const designer = useDesigner();
  return (
    <div className={styles.mini} role="toolbar" aria-label={t('build.designer.actions')}>
      {shown.map((name) => {
        const one = command(name);
        return (
          <button
            key={name}
            type="button"
            tabIndex={-1}
            className={styles.miniButton}
            title={one.label()}
            aria-label={one.label()}
            data-danger={one.danger || undefined}
            onClick={(e) => {
              e.stopPropagation();
              if (one.can(designer)) one.run(designer);
            }}
          >
            <Icon name={one.icon} size={14} />
          </button>
        );
      })}
    </div>
  );
}
