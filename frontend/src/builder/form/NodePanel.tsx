import type { Entity, Form, LayoutNode } from '@/api/types';
import { Button, confirm, IconButton, Select, Switch } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { eachNode } from '../commands/layout';
import { useDocs } from '../context';
import { moved, Sortable } from '../dnd/Sortable';
import { useFaults } from '../faults';
import { entities } from '../model';
import { LocalText } from '../panel/LocalText';
import { command, type Key, patchNodes, pathOf, placeOfNode, useDesigner } from './designer';
import styles from './PropertyPanel.module.css';

/** The settings of a section, tabs, a text or a related list. */
export function NodePanel({
  entity,
  form,
  node,
  nodeKey,
}: {
  entity: Entity;
  form: Form;
  node: LayoutNode;
  nodeKey: Key;
}) {
  const designer = useDesigner();
  const docs = useDocs();
  const set = (change: (n: LayoutNode) => void, mark?: string) =>
    patchNodes(designer, [nodeKey], change, t('build.did.settings'), mark && `${nodeKey}.${mark}`);
  const faultAt = useFaults(placeOfNode(form, pathOf(form.layout, nodeKey)));
  const tabs = node.tabs ?? [];

  // Links of other forms that point here.
  const links = entities(docs).flatMap((other) =>
    other.fields
      .filter(
        (f) =>
          f.options?.entity === entity.id &&
          ['link', 'links'].some((trait) => trait === f.type || designer.parts.fields.get(f.type)?.traits.holds_ref),
      )
      .map((f) => ({
        value: `${other.id}/${f.id}`,
        label: `${textOf(other.name)} · ${textOf(f.name)}`,
        icon: other.icon ?? 'form',
      })),
  );

  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.headName}>{node.type === 'field' ? '' : t(`build.designer.${node.type}`)}</h2>
      </header>
      <div className={styles.body}>
        {node.type === 'section' && (
          <section className={styles.part}>
            <LocalText
              label={t('build.designer.sectionTitle')}
              localized
              value={node.title}
              onChange={(v) =>
                set((n) => {
                  n.title = v;
                }, 'title')
              }
            />
            <LocalText
              label={t('build.field.help')}
              long
              localized
              value={node.help}
              onChange={(v) =>
                set((n) => {
                  n.help = v;
                }, 'help')
              }
            />
            <Switch
              spread
              label={t('build.designer.folded')}
              checked={!!node.folded}
              onChange={(on) =>
                set((n) => {
                  n.folded = on || undefined;
                })
              }
            />
          </section>
        )}
        {node.type === 'tabs' && (
          <section className={styles.part}>
            <h3 className={styles.partHead}>
              {t('build.designer.tabs')}
              <IconButton
                size="sm"
                icon="plus"
                label={t('build.designer.addTab')}
                onClick={() =>
                  set((n) => n.tabs?.push({ title: t('build.designer.tabN', { n: tabs.length + 1 }), items: [] }))
                }
              />
            </h3>
            <Sortable
              label={t('build.designer.tabs')}
              items={tabs}
              keyOf={(_tab, i) => String(i)}
              nameOf={(tab) => textOf(tab.title)}
              onMove={(from, to) =>
                set((n) => {
                  n.tabs = moved(n.tabs ?? [], from, to);
                })
              }
              render={(tab, i) => (
                <>
                  <div className={styles.grow}>
                    <LocalText
                      localized={false}
                      aria-label={t('build.designer.tabTitle', { n: i + 1 })}
                      value={tab.title}
                      onChange={(v) =>
                        set((n) => {
                          const mine = n.tabs?.[i];
                          if (mine) mine.title = v ?? '';
                        }, `tab${i}`)
                      }
                    />
                  </div>
                  <IconButton
                    size="sm"
                    icon="x"
                    label={t('common.removeItem', { name: textOf(tab.title) })}
                    disabled={tabs.length <= 1}
                    onClick={async () => {
                      const inside = [...eachNode(tab.items)].length;
                      if (
                        inside > 0 &&
                        !(await confirm({
                          title: t('build.designer.removeTab', { name: textOf(tab.title) }),
                          body: t('build.designer.removeTabHelp'),
                          action: t('common.delete'),
                          danger: true,
                        }))
                      )
                        return;
                      set((n) => void n.tabs?.splice(i, 1));
                    }}
                  />
                </>
              )}
            />
          </section>
        )}
        {node.type === 'text' && (
          <section className={styles.part}>
            <LocalText
              label={t('build.designer.textTitle')}
              localized
              value={node.title}
              onChange={(v) =>
                set((n) => {
                  n.title = v;
                }, 'title')
              }
            />
            <LocalText
              label={t('build.designer.text')}
              long
              localized
              value={node.text}
              onChange={(v) =>
                set((n) => {
                  n.text = v;
                }, 'text')
              }
            />
          </section>
        )}
        {node.type === 'related' && (
          <section className={styles.part}>
            <Select
              label={t('build.designer.relatedVia')}
              help={links.length === 0 ? t('build.designer.noLinks') : t('build.designer.relatedHelp')}
              required
              error={faultAt(['entity']) ?? faultAt(['via'])}
              options={links}
              value={node.entity && node.via ? `${node.entity}/${node.via}` : null}
              onChange={(v) =>
                set((n) => {
                  const [e, via] = (v ?? '').split('/');
                  n.entity = e || undefined;
                  n.via = via;
                })
              }
            />
            <LocalText
              label={t('build.field.label')}
              localized
              value={node.title}
              onChange={(v) =>
                set((n) => {
                  n.title = v;
                }, 'title')
              }
            />
          </section>
        )}
        <section className={styles.part}>
          {(['ungroup', 'duplicate', 'delete'] as const).map((name) => {
            const one = command(name);
            if (name === 'ungroup' && !one.can(designer)) return null;
            return (
              <Button
                key={name}
                icon={one.icon}
                variant={one.danger ? 'danger' : 'default'}
                onClick={() => one.run(designer)}
              >
                {one.label()}
              </Button>
            );
          })}
        </section>
      </div>
    </>
  );
}
