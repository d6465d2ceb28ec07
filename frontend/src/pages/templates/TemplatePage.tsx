import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { useTemplate } from '@/api/queries/templates';
import type { TemplateDetail, Text } from '@/api/types';
import { AppIcon, ErrorState, Icon, type IconProps, SkeletonForm, SkeletonText, Tabs, Tag } from '@/kit';
import { type Locale, languageNames, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { Page } from '../shell/Page';
import { InstallPanel } from './InstallPanel';
import styles from './templates.module.css';

type Part = 'forms' | 'rules' | 'dashboards' | 'roles';

/** A template before it is installed: what it does and everything in it. */
export function TemplatePage() {
  const { name } = useParams();
  const { base } = useWorkspace();
  const template = useTemplate(name);
  const title = template.data ? textOf(template.data.title) : '';
  return (
    <Page
      crumbs={[
        { label: t('shell.home'), to: base },
        { label: t('make.center'), to: `${base}/templates` },
        { label: title || t('make.template') },
      ]}
    >
      {template.isPending ? (
        <div className={styles.page}>
          <div className={styles.head}>
            <SkeletonText lines={5} />
          </div>
          <div className={styles.install}>
            <SkeletonForm fields={1} narrow />
          </div>
          <div className={styles.contents}>
            <SkeletonText lines={6} />
          </div>
        </div>
      ) : template.isError ? (
        <ErrorState error={template.error} onRetry={() => template.refetch()} />
      ) : (
        <div className={styles.page}>
          <Head template={template.data} />
          <InstallPanel template={template.data} />
          <Contents template={template.data} />
        </div>
      )}
    </Page>
  );
}

function Head({ template }: { template: TemplateDetail }) {
  return (
    <header className={styles.head}>
      <div className={styles.headLine}>
        <AppIcon icon={template.icon} hue={template.hue} size={40} />
        <div className={styles.words}>
          <h1 className={styles.title}>{textOf(template.title)}</h1>
          <p className={styles.help}>
            {t('make.version', { version: template.version })}
            {' · '}
            {template.locales.map((l) => languageNames[l as Locale] ?? l).join(' / ')}
          </p>
        </div>
      </div>
      <p className={styles.about}>{textOf(template.description)}</p>
      {template.highlights.length > 0 && (
        <ul className={styles.highlights}>
          {template.highlights.map((one) => (
            <li key={textOf(one)}>
              <Icon name="check" className={styles.check} />
              <span>{textOf(one)}</span>
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

function Contents({ template }: { template: TemplateDetail }) {
  const [part, setPart] = useState<Part>('forms');
  const { entities, rules, dashboards, roles } = template.app;
  const counts = { forms: entities.length, rules: rules.length, dashboards: dashboards.length, roles: roles.length };
  return (
    <section aria-label={t('make.inside')} className={styles.contents}>
      <Tabs<Part>
        id="template"
        aria-label={t('make.inside')}
        value={part}
        onChange={setPart}
        tabs={(['forms', 'rules', 'dashboards', 'roles'] as const).map((value) => ({
          value,
          label: t(`make.${value}`),
          count: counts[value],
        }))}
      />
      <div role="tabpanel" id={`template-panel-${part}`} aria-labelledby={`template-${part}`} className={styles.panel}>
        {part === 'forms' && (
          <ByModule
            template={template}
            items={entities}
            show={(e) => (
              <Item key={e.key} icon={e.icon ?? 'form'} name={e.name} help={t('make.fields', { n: e.fields.length })} />
            )}
          />
        )}
        {part === 'rules' && (
          <ByModule
            template={template}
            items={rules}
            show={(r) => <Item key={r.key} icon="bolt" name={r.name} help={textOf(r.help)} />}
          />
        )}
        {part === 'dashboards' && (
          <ul className={styles.items}>
            {dashboards.map((d) => (
              <Item key={d.key} icon="chart" name={d.name} help={t('make.widgets', { n: d.widgets.length })} />
            ))}
          </ul>
        )}
        {part === 'roles' && (
          <ul className={styles.items}>
            {roles.map((r) => (
              <Item
                key={r.key}
                icon="users"
                name={r.name}
                help={textOf(r.help)}
                mark={r.admin ? t('make.builds') : undefined}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

/** Documents under the names of the parts of the template that they belong to. */
function ByModule<T extends { module?: string }>({
  template,
  items,
  show,
}: {
  template: TemplateDetail;
  items: T[];
  show: (item: T) => ReactNode;
}) {
  const known = new Set(template.modules.map((m) => m.key));
  const groups = [
    ...template.modules.map((m) => ({ ...m, items: items.filter((i) => i.module === m.key) })),
    {
      key: '',
      name: t('make.other') as Text,
      help: undefined,
      items: items.filter((i) => !i.module || !known.has(i.module)),
    },
  ].filter((g) => g.items.length > 0);
  return groups.map((group) => (
    <section key={group.key} className={styles.module}>
      {groups.length > 1 && (
        <h2 className={styles.moduleName}>
          {textOf(group.name)}
          {group.help && <span className={styles.help}>{textOf(group.help)}</span>}
        </h2>
      )}
      <ul className={styles.items}>{group.items.map(show)}</ul>
    </section>
  ));
}

function Item({ icon, name, help, mark }: { icon: string; name: Text; help?: string; mark?: string }) {
  return (
    <li className={styles.item}>
      <Icon name={icon as IconProps['name']} className={styles.itemIcon} />
      <span className={styles.words}>
        <span className={styles.itemName}>
          {textOf(name)}
          {mark && <Tag>{mark}</Tag>}
        </span>
        {help && <span className={styles.itemHelp}>{help}</span>}
      </span>
    </li>
  );
}
