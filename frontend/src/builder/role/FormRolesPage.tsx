import { Link } from 'react-router';
import { EmptyState, Icon, LinkButton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { PageBody } from '../app/PageBody';
import { useBuilder, useDocs } from '../context';
import { bodyOf, roles } from '../model';
import { GrantCells, GrantHeads } from './GrantCells';
import styles from './roles.module.css';

/** What every role may do with one form. */
export function FormRolesPage({ entity: id }: { entity: string }) {
  const { base } = useBuilder();
  const docs = useDocs();
  const entity = bodyOf(docs, 'entity', id);
  const all = roles(docs);
  if (!entity) return null;
  return (
    <PageBody
      wide
      title={t('build.tab.roles')}
      help={t('build.role.formHelp')}
      actions={
        all.length > 0 && (
          <LinkButton to={`${base}/app/roles`} icon="shield">
            {t('build.page.roles')}
          </LinkButton>
        )
      }
    >
      {all.length === 0 ? (
        <EmptyState
          icon="shield"
          title={t('build.role.none')}
          help={t('build.role.noneHelp')}
          action={
            <LinkButton to={`${base}/app/roles`} variant="primary" icon="plus">
              {t('build.role.new')}
            </LinkButton>
          }
        />
      ) : (
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('build.role.role')}</th>
              <GrantHeads />
            </tr>
          </thead>
          <tbody>
            {all.map((role) => (
              <tr key={role.id}>
                <td>
                  <Link to={`${base}/app/roles/${role.id}`} className={styles.name}>
                    <Icon name={role.admin ? 'key' : 'shield'} size={14} />
                    {textOf(role.name) || role.key}
                  </Link>
                </td>
                <GrantCells role={role} entity={entity} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </PageBody>
  );
}
