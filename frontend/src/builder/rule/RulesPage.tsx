import { useMemo, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { asProblem } from '@/api/client';
import { newId } from '@/api/ids';
import { useDraftHints } from '@/api/queries/drafts';
import type { Rule, Trigger } from '@/api/types';
import {
  Button,
  confirm,
  Dialog,
  EmptyState,
  Icon,
  IconButton,
  Menu,
  SearchInput,
  Select,
  Switch,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { formatNumber, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { PageBody } from '../app/PageBody';
import { createRule, deleteDocument } from '../commands/forms';
import { useBuilder, useDocs, useDraftState } from '../context';
import { freshKey } from '../ids';
import { bodyOf, entities, entityOf, parsePlace, rules, rulesOf } from '../model';
import { RuleEditor } from './RuleEditor';
import styles from './RulesPage.module.css';
import { useRuleStates, useSwitchRuleState } from './rule-states';
import { triggerIcons, triggerTypes } from './TriggerPanel';
import { triggerTitle } from './words';

/** The rules of a form, or of the whole app; one of them open. */
export function RulesPage({ entity }: { entity?: string }) {
  const { base } = useBuilder();
  const docs = useDocs();
  const { '*': id } = useParams();
  const navigate = useNavigate();
  const home = entity ? `${base}/forms/${entity}/rules` : `${base}/app/rules`;
  const rule = bodyOf(docs, 'rule', id || undefined);
  if (rule) return <RuleEditor key={rule.id} rule={rule} onClose={() => navigate(home)} />;
  return <RuleList entity={entity} onOpen={(next) => navigate(`${home}/${next}`)} />;
}

function RuleList({ entity, onOpen }: { entity?: string; onOpen: (id: string) => void }) {
  const { store, app } = useBuilder();
  const docs = useDocs();
  const faults = useDraftState((s) => s.faults);
  const states = useRuleStates(app.id);
  const toggle = useSwitchRuleState(app.id);
  const [search, setSearch] = useState('');
  const [making, setMaking] = useState(false);
  const all = entity ? rulesOf(docs, entity) : rules(docs);
  const needle = search.trim().toLowerCase();
  const shown = all.filter((r) => `${textOf(r.name)} ${r.key}`.toLowerCase().includes(needle));
  const hints = useDraftHints(
    app.id,
    useDraftState((s) => s.savedAt),
  );
  const hinted = new Set(hints.data?.map((hint) => hint.doc));
  const faulty = useMemo(() => new Set(faults.map((f) => parsePlace(f.path).doc)), [faults]);
  const byEntity = new Map<string, Rule[]>();
  for (const rule of shown) byEntity.set(rule.entity ?? '', [...(byEntity.get(rule.entity ?? '') ?? []), rule]);
  const groups = entity ? [[entity, shown] as const] : [...byEntity];

  function duplicate(rule: Rule) {
    const id = newId('rul_');
    const name = t('build.copyOf', { name: textOf(rule.name) });
    store.change(t('build.did.copyRule', { name: textOf(rule.name) }), (d) => {
      const body = {
        ...(JSON.parse(JSON.stringify(rule)) as Rule),
        id,
        key: freshKey(
          '',
          rule.key.replace(/_\d+$/, ''),
          rules(d).map((r) => r.key),
        ),
        name,
      };
      d[id] = { id, kind: 'rule', body };
    });
    onOpen(id);
  }

  async function remove(rule: Rule) {
    const name = textOf(rule.name);
    if (
      !(await confirm({
        title: t('build.rule.deleteTitle', { name }),
        body: t('build.rule.deleteHelp'),
        action: t('common.delete'),
        danger: true,
      }))
    )
      return;
    store.change(t('build.did.deleteRule', { name }), (d) => deleteDocument(d, rule.id));
  }

  return (
    <PageBody
      title={entity ? t('build.tab.rules') : t('build.page.rules')}
      help={t('build.rule.help')}
      actions={
        <>
          {all.length > 8 && <SearchInput value={search} onChange={setSearch} />}
          <Button variant={all.length === 0 ? 'default' : 'primary'} icon="plus" onClick={() => setMaking(true)}>
            {t('build.rule.new')}
          </Button>
        </>
      }
    >
      {all.length === 0 ? (
        <EmptyState
          icon="bolt"
          title={t('build.rule.none')}
          help={t('build.rule.noneHelp')}
          action={
            <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
              {t('build.rule.new')}
            </Button>
          }
        />
      ) : (
        groups.map(([id, list]) => (
          <section key={id}>
            {!entity && (
              <h3 className={styles.group}>
                <Icon name={entityOf(docs, id)?.icon ?? 'bolt'} size={14} />
                {textOf(entityOf(docs, id)?.name) || t('build.rule.noForm')}
              </h3>
            )}
            <ul className={styles.list}>
              {list.map((rule) => {
                const state = states.data?.get(rule.id);
                const live = app.version > 0 && (!!state || states.isSuccess);
                return (
                  <li key={rule.id} className={styles.row}>
                    <Switch
                      aria-label={t('build.rule.switch', { name: textOf(rule.name) })}
                      checked={state?.enabled ?? !rule.off}
                      onChange={(enabled) => {
                        // An unpublished rule is installed off; a published one is switched at once.
                        if (!live) {
                          store.change(t('build.did.switchRule', { name: textOf(rule.name) }), (d) => {
                            const body = bodyOf(d, 'rule', rule.id);
                            if (!body) return;
                            if (enabled) delete body.off;
                            else body.off = true;
                          });
                          return;
                        }
                        toggle.mutate(
                          { id: rule.id, enabled },
                          { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) },
                        );
                      }}
                    />
                    <button type="button" className={styles.main} onClick={() => onOpen(rule.id)}>
                      <span className={styles.icon}>
                        <Icon name={triggerIcons[rule.trigger.type]} />
                      </span>
                      <span className={styles.words}>
                        <span className={styles.name}>
                          {textOf(rule.name) || rule.key}
                          {faulty.has(rule.id) && (
                            <Icon name="error" size={14} className={styles.bad} label={t('build.hasFaults')} />
                          )}
                          {hinted.has(rule.id) && !faulty.has(rule.id) && (
                            <Icon name="alert" size={14} className={styles.warn} label={t('build.rule.circles')} />
                          )}
                        </span>
                        <span className={styles.when}>{triggerTitle(rule, docs)}</span>
                      </span>
                      <span className={styles.count}>
                        {state?.runs ? (
                          <>
                            <span>{t('build.rule.ran', { n: formatNumber(state.runs) })}</span>
                            <span className={styles.bad}>
                              {state.failed ? t('build.rule.failed', { n: state.failed }) : ''}
                            </span>
                            <span>{state.last_run ? formatRelative(state.last_run) : ''}</span>
                          </>
                        ) : null}
                      </span>
                    </button>
                    <Menu
                      position="bottom-end"
                      items={[
                        { label: t('common.edit'), icon: 'pen', onSelect: () => onOpen(rule.id) },
                        { label: t('common.duplicate'), icon: 'copy', onSelect: () => duplicate(rule) },
                        { divider: true },
                        { label: t('common.delete'), icon: 'trash', danger: true, onSelect: () => remove(rule) },
                      ]}
                    >
                      <IconButton size="sm" icon="dots" label={t('build.rule.more', { name: textOf(rule.name) })} />
                    </Menu>
                  </li>
                );
              })}
            </ul>
          </section>
        ))
      )}
      {making && <NewRule entity={entity} onClose={() => setMaking(false)} onMade={onOpen} />}
    </PageBody>
  );
}

function NewRule({ entity, onClose, onMade }: { entity?: string; onClose: () => void; onMade: (id: string) => void }) {
  const { store } = useBuilder();
  const docs = useDocs();
  const [name, setName] = useState('');
  const [of, setOf] = useState<string | null>(entity ?? entities(docs)[0]?.id ?? null);
  const [type, setType] = useState<Trigger['type']>('created');
  const free = type === 'schedule' || type === 'webhook';
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('build.rule.new')}
      onSubmit={() => {
        const words = name.trim() || t(`build.rule.trigger_${type}`);
        if (!of && !free) return;
        let made = '';
        store.change(t('build.did.newRule', { name: words }), (d) => {
          made = createRule(d, words, of ?? undefined, {
            type,
            ...(type === 'schedule' ? { cron: '0 9 * * *' } : {}),
            ...(type === 'button' ? { label: words } : {}),
          });
        });
        onClose();
        onMade(made);
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!of && !free}>
            {t('common.create')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('build.rule.name')}
        autoFocus
        value={name}
        onChange={setName}
        placeholder={t('build.rule.namePlaceholder')}
      />
      <Select
        label={t('build.rule.startsWhen')}
        value={type}
        onChange={(v) => v && setType(v)}
        options={triggerTypes.map((one) => ({
          value: one,
          label: t(`build.rule.trigger_${one}`),
          icon: triggerIcons[one],
          description: t(`build.rule.triggerHelp_${one}`),
        }))}
        searchable={false}
      />
      {!entity && (
        <Select
          label={t('build.rule.form')}
          optional={free}
          clearable={free}
          value={of}
          onChange={setOf}
          options={entities(docs).map((e) => ({ value: e.id, label: textOf(e.name), icon: e.icon ?? 'form' }))}
        />
      )}
    </Dialog>
  );
}
