import type { Json } from '@/api/types';
import { FieldFrame, Icon, IconButton, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import { entityOf } from '../model';
import { useFieldOptions } from './controls';
import styles from './panel.module.css';
import type { PanelScope } from './panel-context';

interface Fill {
  from: string;
  to: string;
  rows?: Record<string, string>;
}

export interface FillEditorProps {
  label: string;
  help?: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  /** The linked entity. */
  target: string | undefined;
  own: PanelScope;
}

/** Which fields of a picked record are copied into which fields of this one; sub-forms column by column. */
export function FillEditor({ label, help, value, onChange, target, own }: FillEditorProps) {
  const docs = useDocs();
  const { parts } = useBuilder();
  const rules = (Array.isArray(value) ? value : []) as unknown as Fill[];
  const set = (next: Fill[]) => onChange(next.length ? (next as unknown as Json) : undefined);
  const from = useFieldOptions(target, undefined, { system: false });
  const to = useFieldOptions(own.column ? undefined : own.entity, undefined, {
    column: own.column,
    exclude: own.exclude,
    system: false,
  });
  const source = entityOf(docs, target);
  const home = entityOf(docs, own.entity);
  const isRows = (type: string | undefined) => parts.fields.get(type ?? '')?.kind === 'rows';
  const writable = to.filter((o) => {
    const field = (own.column?.fields ?? home?.fields ?? []).find((f) => f.id === o.value);
    return field && !parts.fields.get(field.type)?.traits.computed;
  });
  const edit = (i: number, change: Partial<Fill>) => set(rules.map((r, j) => (j === i ? { ...r, ...change } : r)));
  return (
    <FieldFrame
      label={label}
      help={rules.length === 0 ? help : undefined}
      group="group"
      aside={
        <IconButton
          size="sm"
          icon="plus"
          label={t('build.panel.addTo', { name: label })}
          disabled={!source}
          onClick={() => set([...rules, { from: '', to: '' }])}
        />
      }
    >
      {() => (
        <div className={styles.items}>
          {rules.map((rule, i) => {
            const a = source?.fields.find((f) => f.id === rule.from);
            const b = home?.fields.find((f) => f.id === rule.to);
            const rows = isRows(a?.type) && isRows(b?.type);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity of their own
              <div key={i} className={styles.items}>
                <div className={styles.line}>
                  <div className={styles.grow}>
                    <Select
                      size="sm"
                      aria-label={t('build.panel.fillFrom')}
                      placeholder={textOf(source?.name)}
                      options={from}
                      value={rule.from || null}
                      onChange={(v) => edit(i, { from: v ?? '', rows: undefined })}
                    />
                  </div>
                  <Icon name="arrow-right" size={14} className={styles.arrow} />
                  <div className={styles.grow}>
                    <Select
                      size="sm"
                      aria-label={t('build.panel.fillTo')}
                      placeholder={t('build.panel.fillTo')}
                      options={writable}
                      value={rule.to || null}
                      onChange={(v) => edit(i, { to: v ?? '', rows: undefined })}
                    />
                  </div>
                  <IconButton
                    size="sm"
                    icon="x"
                    label={t('build.panel.removeItem', { n: i + 1 })}
                    onClick={() => set(rules.filter((_, j) => j !== i))}
                  />
                </div>
                {rows && (
                  <div className={styles.inner}>
                    {(b?.fields ?? []).map((column) => (
                      <div key={column.id} className={styles.row}>
                        <span className={styles.grow}>{textOf(column.name)}</span>
                        <Icon name="arrow-left" size={14} className={styles.arrow} />
                        <div className={styles.grow}>
                          <Select
                            size="sm"
                            clearable
                            aria-label={t('build.panel.fillColumn', { name: textOf(column.name) })}
                            options={(a?.fields ?? []).map((c) => ({ value: c.id, label: textOf(c.name) }))}
                            value={Object.entries(rule.rows ?? {}).find(([, into]) => into === column.id)?.[0] ?? null}
                            onChange={(v) => {
                              const kept = Object.fromEntries(
                                Object.entries(rule.rows ?? {}).filter(([, into]) => into !== column.id),
                              );
                              edit(i, { rows: v ? { ...kept, [v]: column.id } : kept });
                            }}
                          />
                        </div>
                      </div>
                    ))}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      )}
    </FieldFrame>
  );
}
