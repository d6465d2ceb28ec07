import { useMemo, useState } from 'react';
import type { Entity, Field, Form, LayoutNode } from '@/api/types';
import { confirm, Icon, IconButton, Menu, Segmented, Switch, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { convertField, editField, followName, rekeyField } from '../commands/fields';
import { nodeAt } from '../commands/layout';
import { useBuilder, useDocs, usePreview } from '../context';
import { useFaults } from '../faults';
import { validKey } from '../ids';
import { ConditionField } from '../panel/ConditionField';
import { LocalText } from '../panel/LocalText';
import type { PanelScope } from '../panel/panel-context';
import { type Options, SchemaPanel } from '../panel/SchemaPanel';
import { optionsOf } from '../parts';
import { fieldScope, summarize, usesOfFields } from '../usage';
import { DefaultEditor } from './DefaultEditor';
import { type Key, patchField, patchNodes, pathOf, useDesigner } from './designer';
import styles from './PropertyPanel.module.css';

const widthChoices = [
  [3, '1/4'],
  [4, '1/3'],
  [6, '1/2'],
  [8, '2/3'],
  [12, '1'],
] as const;

/** The width of fields as a fraction of the row. */
export function WidthChoice({ value, onChange }: { value: number | undefined; onChange: (width: number) => void }) {
  return (
    <Segmented
      block
      size="sm"
      label={t('build.field.width')}
      value={String(value ?? 12)}
      onChange={(v) => onChange(Number(v))}
      options={widthChoices.map(([width, label]) => ({
        value: String(width),
        label: label === '1' ? t('build.field.full') : label,
      }))}
    />
  );
}

/** Everything about one field or one column of a sub-form. */
export function FieldPanel({
  entity,
  form,
  field,
  subform,
  nodeKey,
}: {
  entity: Entity;
  form: Form;
  field: Field;
  subform?: Field;
  nodeKey: Key;
}) {
  const designer = useDesigner();
  const { store, parts } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const part = parts.fields.get(field.type);
  const index = (subform?.fields ?? entity.fields).findIndex((f) => f.id === field.id);
  const parentIndex = subform ? entity.fields.findIndex((f) => f.id === subform.id) : -1;
  const place = useMemo(
    () => ({ doc: entity.id, path: subform ? ['fields', parentIndex, 'fields', index] : ['fields', index] }),
    [entity.id, subform, parentIndex, index],
  );
  const faultAt = useFaults(place);
  const scope = useMemo(() => fieldScope(docs, entity.id, !!subform, subform), [docs, entity.id, subform]);
  const name = textOf(field.name);
  const path = subform ? undefined : pathOf(form.layout, nodeKey);
  const node: LayoutNode | undefined = path === undefined ? undefined : nodeAt(form.layout, path);
  const computed = !!part?.traits.computed || !!part?.traits.generated;
  const server = subform ? undefined : { entity: entity.id, scope: 'record' as const, field: field.id };
  const panel: PanelScope = useMemo(
    () => ({
      scope: { ...scope, roots: { ...scope.roots, ...(scope.record ? { record: scope.record } : {}) } },
      server: { entity: entity.id, scope: 'record', field: field.id, column: subform?.id },
      entity: entity.id,
      column: subform,
      exclude: field.id,
      place: { doc: place.doc, path: [...place.path, 'options'] },
    }),
    [scope, subform, entity.id, field.id, place],
  );

  const set = (change: (f: Field) => void, mark?: string) =>
    patchField(designer, field.id, change, t('build.did.fieldSettings', { name }), mark && `${field.id}.${mark}`);

  function rename(next: Field['name']) {
    store.change(
      t('build.did.rename', { name: textOf(next) }),
      (d) => {
        editField(d, entity.id, field.id, (f) => {
          f.name = next;
        });
        if (!designer.published().has(field.id)) followName(d, parts, entity.id, field.id, field.name);
      },
      `${field.id}.name`,
    );
  }

  async function convert(type: string) {
    const target = parts.fields.get(type);
    if (!target || type === field.type) return;
    const lossless = part?.kind === target.kind;
    const live = designer.published().has(field.id);
    if (live && !lossless) {
      const yes = await confirm({
        title: t('build.field.convertTitle', { name, type: textOf(target.label) }),
        body: t('build.field.convertHelp', { from: textOf(part?.label), to: textOf(target.label) }),
        action: t('build.field.convert'),
        danger: true,
      });
      if (!yes) return;
    }
    store.change(t('build.did.convert', { name, type: textOf(target.label) }), (d) =>
      convertField(d, parts, entity.id, field.id, type),
    );
  }

  const groups = useMemo(() => {
    const out = new Map<string, { label: string; icon: string; type: string }[]>();
    for (const p of parts.fields.values()) {
      if (p.kind === 'rows' || (subform && p.kind === 'list' && p.traits.holds_ref)) continue;
      out.set(p.group, [...(out.get(p.group) ?? []), { label: textOf(p.label), icon: p.icon, type: p.name }]);
    }
    return [...out.values()].flat();
  }, [parts, subform]);

  return (
    <>
      <header className={styles.head}>
        <Icon name={part?.icon ?? 'text'} className={styles.headIcon} />
        <h2 className={styles.headName}>{name || field.key}</h2>
        <Menu
          position="bottom-end"
          width={220}
          items={
            part?.kind === 'rows'
              ? [{ label: textOf(part.label), disabled: true }]
              : groups.map((g) => ({
                  label: g.label,
                  icon: g.icon,
                  checked: g.type === field.type,
                  onSelect: () => convert(g.type),
                }))
          }
        >
          <button type="button" className={styles.type} title={t('build.field.changeType')}>
            {textOf(part?.label) || field.type}
            <Icon name="chevron-down" size={14} />
          </button>
        </Menu>
      </header>
      <div className={styles.body}>
        <section className={styles.part}>
          <LocalText
            label={t('build.field.name')}
            required
            localized
            value={field.name}
            error={faultAt(['name'])}
            onChange={(v) => rename(v ?? '')}
          />
          <KeyField
            entity={entity}
            field={field}
            siblings={subform?.fields ?? entity.fields}
            error={faultAt(['key'])}
          />
          <LocalText
            label={t('build.field.help')}
            long
            localized
            value={field.help}
            onChange={(v) =>
              set((f) => {
                f.help = v;
              }, 'help')
            }
          />
        </section>
        {part && optionsOf(part.options).length > 0 && (
          <section className={styles.part}>
            <SchemaPanel
              schema={part.options}
              value={field.options as Options | undefined}
              panel={panel}
              onChange={(next, option) =>
                set((f) => {
                  f.options = next;
                }, `option.${option}`)
              }
            />
          </section>
        )}
        {!computed && (
          <section className={styles.part}>
            <h3 className={styles.partHead}>{t('build.field.validation')}</h3>
            <Switch
              spread
              label={t('build.field.required')}
              checked={!!field.required}
              onChange={(on) =>
                set((f) => {
                  f.required = on || undefined;
                })
              }
            />
            {!field.required && (
              <ConditionField
                label={t('build.field.requiredWhen')}
                value={field.required_when ?? ''}
                error={faultAt(['required_when'])}
                onChange={(text) =>
                  set((f) => {
                    f.required_when = text || undefined;
                  })
                }
                scope={scope}
                entity={subform ? undefined : entity.id}
                server={server && { ...server, expect: 'bool' }}
                runtime={preview}
              />
            )}
            {part?.traits.uniquable && (
              <Switch
                spread
                label={t('build.field.unique')}
                help={t('build.field.uniqueHelp')}
                checked={!!field.unique}
                onChange={(on) =>
                  set((f) => {
                    f.unique = on || undefined;
                  })
                }
              />
            )}
          </section>
        )}
        {!computed && part && part.kind !== 'rows' && (
          <section className={styles.part}>
            <DefaultEditor
              entity={entity}
              field={field}
              part={part}
              scope={scope}
              server={server}
              error={faultAt(['default'])}
              onChange={(value) =>
                set((f) => {
                  f.default = value;
                }, 'default')
              }
            />
          </section>
        )}
        {!computed && part?.kind !== 'rows' && part?.traits.filterable !== false && !subform && (
          <section className={styles.part}>
            <Switch
              spread
              label={t('build.field.indexed')}
              help={t('build.field.indexedHelp')}
              checked={!!field.indexed}
              onChange={(on) =>
                set((f) => {
                  f.indexed = on || undefined;
                })
              }
            />
          </section>
        )}
        {node && (
          <section className={styles.part}>
            <h3 className={styles.partHead}>{t('build.field.inThisForm')}</h3>
            {part?.kind !== 'rows' && (
              <WidthChoice
                value={node.width}
                onChange={(width) =>
                  patchNodes(
                    designer,
                    [nodeKey],
                    (n) => {
                      n.width = width;
                    },
                    t('build.did.width'),
                  )
                }
              />
            )}
            <LocalText
              label={t('build.field.label')}
              localized
              placeholder={t('common.standing', { value: name })}
              value={node.label}
              onChange={(v) =>
                patchNodes(
                  designer,
                  [nodeKey],
                  (n) => {
                    n.label = v;
                  },
                  t('build.did.settings'),
                  `${nodeKey}.label`,
                )
              }
            />
            {!computed && (
              <Switch
                spread
                label={t('build.field.readOnly')}
                checked={!!node.read_only}
                onChange={(on) =>
                  patchNodes(designer, [nodeKey], (n) => {
                    n.read_only = on || undefined;
                  })
                }
              />
            )}
          </section>
        )}
        <Uses entity={entity} field={field} />
      </div>
    </>
  );
}

/** The key of a field: what expressions and the API call it. */
function KeyField({
  entity,
  field,
  siblings,
  error,
}: {
  entity: Entity;
  field: Field;
  siblings: Field[];
  error?: string;
}) {
  const { store, parts } = useBuilder();
  const [draft, setDraft] = useState<string | null>(null);
  const value = draft ?? field.key;
  const taken = siblings.some((f) => f.id !== field.id && f.key === value);
  const fault =
    draft === null
      ? error
      : taken
        ? t('build.field.keyTaken')
        : !validKey(value)
          ? t('build.field.keyInvalid')
          : undefined;
  const commit = () => {
    if (draft !== null && draft !== field.key && !fault) {
      store.change(t('build.did.rekey', { name: textOf(field.name), key: draft }), (d) =>
        rekeyField(d, parts, entity.id, field.id, draft),
      );
    }
    setDraft(null);
  };
  return (
    <TextInput
      label={t('build.key')}
      help={draft !== null && !fault && draft !== field.key ? t('build.field.keyHelp') : undefined}
      value={value}
      error={fault}
      onChange={(text) => setDraft(text.trim().toLowerCase())}
      onBlur={commit}
      onEnter={commit}
      onKeyDown={(e) => {
        if (e.key === 'Escape') setDraft(null);
      }}
      suffix={
        <IconButton
          size="sm"
          icon="copy"
          label={t('common.copy')}
          onClick={() => navigator.clipboard?.writeText(field.key)}
        />
      }
    />
  );
}

/** Where the field is used, looked up when asked for. */
function Uses({ entity, field }: { entity: Entity; field: Field }) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const [open, setOpen] = useState(false);
  const uses = useMemo(
    () => (open ? usesOfFields(docs, parts, new Set([field.id, ...(field.fields ?? []).map((c) => c.id)])) : []),
    [open, docs, parts, field],
  );
  return (
    <section className={styles.part}>
      <button
        type="button"
        className={styles.type}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        style={{ alignSelf: 'flex-start', marginLeft: -6 }}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
        {t('build.field.uses')}
      </button>
      {open &&
        (uses.length === 0 ? (
          <p className={styles.quiet}>{t('build.field.unused')}</p>
        ) : (
          <p className={styles.quiet}>{summarize(uses)}</p>
        ))}
      {open && (
        <ul className={styles.list}>
          {uses.slice(0, 20).map((use) => (
            <li key={`${use.doc}${use.path.join('/')}`} className={styles.quiet}>
              {t(`build.useOne.${use.what}`, { name: use.name || textOf(entity.name) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
