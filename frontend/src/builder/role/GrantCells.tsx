import { useState } from 'react';
import type { Entity, Grant, Role } from '@/api/types';
import { Checkbox, Icon, Menu } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, usePreview } from '../context';
import { useFaults } from '../faults';
import { fieldsOf } from '../formula/refs';
import { ConditionField } from '../panel/ConditionField';
import { recordScope } from '../usage';
import { FieldRules } from './FieldRules';
import { grantOf, ops, presetOf, presets, setGrant, withOp, withPreset } from './grants';
import styles from './roles.module.css';

/** The cells of one role and one form: what, which records, which fields. */
export function GrantCells({ role, entity }: { role: Role; entity: Entity }) {
  const { store } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const [fields, setFields] = useState(false);
  const grant = grantOf(role, entity.id);
  const index = role.grants.findIndex((g) => g.entity === entity.id);
  const fault = useFaults({ doc: role.id, path: ['grants', index] });
  const preset = presetOf(grant);
  const set = (next: Grant | null) =>
    store.change(t('build.did.grant', { role: textOf(role.name), form: textOf(entity.name) }), (d) =>
      setGrant(d, role.id, entity.id, next),
    );
  const limits = grant?.fields?.length ?? 0;
  const about = { role: textOf(role.name), form: textOf(entity.name) };
  const fieldWords = grant?.hide_others
    ? t('build.role.onlySome', { n: limits })
    : limits > 0
      ? t('build.role.limited', { n: limits })
      : t('build.role.allFields');

  if (role.admin) {
    return (
      <td className={styles.all} colSpan={ops.length + 3}>
        {t('build.role.adminAll')}
      </td>
    );
  }
  return (
    <>
      <td className={styles.presetCell}>
        <Menu
          items={presets.map((p) => ({
            label: t(`build.role.preset_${p}`),
            description: t(`build.role.presetHelp_${p}`),
            checked: p === preset,
            onSelect: () => set(withPreset(grant, entity.id, p)),
          }))}
        >
          <button
            type="button"
            className={styles.preset}
            aria-label={t('build.role.presetOf', { name: textOf(entity.name) })}
          >
            {preset ? t(`build.role.preset_${preset}`) : t('build.role.preset_custom')}
            <Icon name="chevron-down" size={14} />
          </button>
        </Menu>
      </td>
      {ops.map((op) => (
        <td key={op} className={styles.op}>
          <Checkbox
            aria-label={`${textOf(entity.name)} ${t(`build.role.op_${op}`)}`}
            checked={grant?.ops.includes(op) ?? false}
            onChange={(on) => set(withOp(grant, entity.id, op, on))}
          />
        </td>
      ))}
      <td className={styles.filterCell}>
        {grant?.ops.some((op) => op === 'read' || op === 'update' || op === 'delete' || op === 'export') ? (
          <ConditionField
            value={grant.filter ?? ''}
            error={fault(['filter'])}
            onChange={(filter) => {
              const { filter: _old, ...rest } = grant;
              set({ ...rest, ...(filter ? { filter } : {}) });
            }}
            scope={recordScope(docs, fieldsOf(entity))}
            entity={entity.id}
            server={{ entity: entity.id, scope: 'role' }}
            runtime={preview}
            empty={t('build.role.allRecords')}
            title={t('build.role.recordsOf', about)}
          />
        ) : null}
      </td>
      <td className={styles.fieldsCell}>
        {grant && (
          <button
            type="button"
            className={styles.preset}
            aria-label={`${t('build.role.fieldsOf', about)}${t('build.colon')}${fieldWords}`}
            onClick={() => setFields(true)}
          >
            {fieldWords}
          </button>
        )}
        {fields && grant && (
          <FieldRules role={role} entity={entity} grant={grant} onChange={set} onClose={() => setFields(false)} />
        )}
      </td>
    </>
  );
}

/** The heads of those cells. */
export function GrantHeads() {
  return (
    <>
      <th scope="col">{t('build.role.preset')}</th>
      {ops.map((op) => (
        <th key={op} scope="col" className={styles.op}>
          {t(`build.role.op_${op}`)}
        </th>
      ))}
      <th scope="col">{t('build.role.records')}</th>
      <th scope="col">{t('build.role.fields')}</th>
    </>
  );
}
