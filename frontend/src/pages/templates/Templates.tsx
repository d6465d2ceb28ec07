import { useState } from 'react';
import { Link } from 'react-router';
import { useTemplates } from '@/api/queries/templates';
import { AppIcon, Button, EmptyState, ErrorState, Icon, LinkButton, SkeletonCards } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { CreateApp, type CreateWay } from '../home/CreateApp';
import { Page } from '../shell/Page';
import styles from './templates.module.css';

/** The apps that come with the product, ready to be installed. */
export function Templates() {
  const { workspace, base } = useWorkspace();
  const [creating, setCreating] = useState<CreateWay | null>(null);
  const templates = useTemplates();
  return (
    <Page crumbs={[{ label: t('shell.home'), to: base }, { label: t('make.center') }]}>
      <div className={styles.center}>
        <p className={styles.quiet}>{t('make.centerHelp')}</p>
        {templates.isPending ? (
          <SkeletonCards cards={3} height={168} min={320} />
        ) : templates.isError ? (
          <ErrorState error={templates.error} onRetry={() => templates.refetch()} />
        ) : templates.data.length === 0 ? (
          <EmptyState
            icon="template"
            title={t('make.noTemplates')}
            help={workspace.admin ? t('make.noTemplatesHelp') : undefined}
            action={
              workspace.admin ? (
                <Button variant="primary" icon="plus" onClick={() => setCreating('blank')}>
                  {t('home.newApp')}
                </Button>
              ) : (
                <LinkButton to={base}>{t('errors.backHome')}</LinkButton>
              )
            }
            secondary={
              workspace.admin && (
                <Button icon="excel" onClick={() => setCreating('excel')}>
                  {t('home.fromExcel')}
                </Button>
              )
            }
          />
        ) : (
          <ul className={styles.cards}>
            {templates.data.map((one) => (
              <li key={one.name}>
                <Link to={`${base}/templates/${one.name}`} className={styles.card}>
                  <span className={styles.cardHead}>
                    <AppIcon icon={one.icon} hue={one.hue} size={40} />
                    <span className={styles.words}>
                      <span className={styles.name}>{textOf(one.title)}</span>
                      <span className={styles.help}>
                        {t('make.contents', {
                          entities: one.entities,
                          rules: one.rules,
                          dashboards: one.dashboards,
                        })}
                      </span>
                    </span>
                  </span>
                  <span className={styles.description}>{textOf(one.description)}</span>
                  <span className={styles.go}>
                    {t('make.look')}
                    <Icon name="chevron-right" size={14} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      {creating && <CreateApp way={creating} onClose={() => setCreating(null)} />}
    </Page>
  );
}
