import type { Json } from '@/api/types';
import { textOf } from '@/locales/text';
import { useFaults } from '../faults';
import { type Hints, type OptionsSchema, optionsOf } from '../parts';
import { Control } from './controls';
import styles from './panel.module.css';
import type { PanelScope } from './panel-context';

export type Options = Record<string, Json>;

export interface SchemaPanelProps {
  schema: OptionsSchema;
  value: Options | undefined;
  /** The options after a change, and the option that changed. */
  onChange: (value: Options, option: string) => void;
  panel: PanelScope;
  /** The nearest entity that an outer panel names. */
  outer?: string;
  path?: (string | number)[];
  /** Options that are drawn elsewhere. */
  without?: readonly string[];
  only?: (ui: Hints) => boolean;
  disabled?: boolean;
}

/** The options of a part, drawn from its schema. */
export function SchemaPanel({
  schema,
  value,
  onChange,
  panel,
  outer,
  path = [],
  without,
  only,
  disabled,
}: SchemaPanelProps) {
  const faultAt = useFaults(panel.place);
  const options = optionsOf(schema).filter((o) => !without?.includes(o.name) && (only?.(o.ui) ?? true));
  const values = value ?? {};
  const entity = typeof values.entity === 'string' ? values.entity : outer;
  return (
    <div className={styles.panel}>
      {options.map(({ name, schema: one, ui, required }) => (
        <Control
          key={name}
          name={name}
          schema={one}
          ui={ui}
          required={required}
          label={textOf(ui.label) || name}
          help={ui.help && textOf(ui.help)}
          value={values[name]}
          siblings={values}
          entity={entity}
          error={faultAt([...path, name])}
          panel={panel}
          path={[...path, name]}
          disabled={disabled}
          onChange={(next) => {
            const after: Options = { ...values };
            if (next === undefined || next === null) delete after[name];
            else after[name] = next;
            // What belonged to another form or link means nothing any more.
            for (const other of optionsOf(schema)) {
              const follows =
                other.name !== name &&
                (other.ui.through === name || (name === 'entity' && other.ui.entity === 'entity'));
              if (follows && values[name] !== next && other.ui.control !== 'expr') delete after[other.name];
            }
            onChange(after, name);
          }}
        />
      ))}
    </div>
  );
}
