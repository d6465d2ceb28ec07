import { useState } from 'react';
import type { Entity, FieldRule, Grant, Role } from '@/api/types';
import { Notice, SearchInput, Segmented } from '@/kit';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, usePreview } from '../context';
import { fieldsOf } from '../formula/refs';
import { ConditionField } from '../panel/ConditionField';
import { recordScope } from '../usage';
import { withFieldRule } from './grants';
import styles from './roles.module.css';

// The types of which a part may be shown: 138****1234.
const partial = new Set([
  'text',
  'phone',
  'email',
  'long_text',
  'url',
  'serial',
  'formula',
  'address',
  'number',
  'money',
]);

export interface FieldRulesProps {
  role: Role;
  entity: Entity;
  grant: Grant;
  onChange: (grant: Grant) => void;
  onClose: () => void;
}

/** Which fields a role sees and may change, each with an optional condition. */
export function FieldRules({ role, entity, grant, onChange, onClose }: FieldRulesProps) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const [search, setSearch] = useState('');
  const needle = search.trim().toLowerCase();
  const writes = grant.ops.includes('update') || grant.ops.includes('create');
  const normal = grant.hide_others ? 'hidden' : 'visible';
  const fields = entity.fields.filter((f) => `${textOf(f.name)} ${f.key}`.toLowerCase().includes(needle));

  function put(field: string, rule: FieldRule['rule'] | 'visible', when?: string) {
    const standard = rule === normal && !when;
    onChange(withFieldRule(grant, field, standard ? null : { field, rule, ...(when ? { when } : {}) }));
  }

  return (
    <Drawer
      opened
      onClose={onClose}
      width={720}
      title={t('build.role.fieldsOf', { role: textOf(role.name), form: textOf(entity.name) })}
    >
      <div className={styles.rules}>
        <Segmented
          label={t('build.role.others')}
          value={grant.hide_others ? 'hide' : 'show'}
          onChange={(v) => {
            const { hide_others: _old, ...rest } = grant;
            // Rules that say what is now the rule for all are superfluous.
            const kept = (rest.fields ?? []).filter((f) => f.when || f.rule !== (v === 'hide' ? 'hidden' : 'visible'));
            const { fields: _fields, ...bare } = rest;
            onChange({
              ...bare,
              ...(kept.length ? { fields: kept } : {}),
              ...(v === 'hide' ? { hide_others: true } : {}),
            });
          }}
          options={[
            { value: 'show', label: t('build.role.othersShow') },
            { value: 'hide', label: t('build.role.othersHide') },
          ]}
        />
        {entity.fields.length > 10 && <SearchInput size="sm" value={search} onChange={setSearch} />}
        <ul className={styles.ruleList}>
          {fields.map((field) => {
            const rule = grant.fields?.find((f) => f.field === field.id || f.field === field.key);
            const value = rule?.rule ?? normal;
            const computed = !!parts.fields.get(field.type)?.traits.computed;
            const offered = [
              'visible',
              ...(writes && !computed ? ['read_only' as const] : []),
              ...(partial.has(field.type) ? ['partial' as const] : []),
              'hidden',
            ] as FieldRule['rule'][];
            return (
              <li key={field.id} className={styles.rule}>
                <span className={styles.ruleName}>{textOf(field.name)}</span>
                <Segmented
                  size="sm"
                  aria-label={textOf(field.name)}
                  value={value}
                  onChange={(v) => put(field.id, v, v === 'visible' ? undefined : rule?.when)}
                  options={offered.map((v) => ({ value: v, label: t(`build.role.rule_${v}`) }))}
                />
                {rule && rule.rule !== 'visible' && (
                  <div className={styles.ruleWhen}>
                    <ConditionField
                      value={rule.when ?? ''}
                      onChange={(when) => put(field.id, rule.rule, when || undefined)}
                      scope={recordScope(docs, fieldsOf(entity))}
                      entity={entity.id}
                      server={{ entity: entity.id, scope: 'role' }}
                      runtime={preview}
                      empty={t('build.role.ruleAlways')}
                      title={t('build.role.ruleWhen', {
                        field: textOf(field.name),
                        rule: t(`build.role.rule_${rule.rule}`),
                      })}
                    />
                  </div>
                )}
              </li>
            );
          })}
        </ul>
        <Notice>{t('build.role.unionHelp')}</Notice>
      </div>
    </Drawer>
  );
}
