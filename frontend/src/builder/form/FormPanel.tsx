import { Suspense, useState } from 'react';
import { newId } from '@/api/ids';
import type { Check, DisplayRule, Entity, Form } from '@/api/types';
import { Button, confirm, IconButton, MultiSelect, Select, Switch, TextInput } from '@/kit';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { ShareLinks } from '@/runtime/share';
import { rekeyEntity } from '../commands/fields';
import { renameForm } from '../commands/forms';
import { useBuilder, useDocs, usePreview, usePreviewEntity } from '../context';
import { useFaults } from '../faults';
import { CodeInput } from '../formula/CodeInput';
import { fieldsOf } from '../formula/refs';
import { validKey } from '../ids';
import { bodyOf, entities } from '../model';
import { ConditionRows, useConditionWords, useRowsDone } from '../panel/ConditionField';
import { useFieldOptions } from '../panel/controls';
import { LocalText } from '../panel/LocalText';
import { recordScope } from '../usage';
import styles from './PropertyPanel.module.css';

/** The settings of the form as a whole: what a record is called, what shows when, what is refused. */
export function FormPanel({ entity, form }: { entity: Entity; form: Form }) {
  const { app, store, parts } = useBuilder();
  const docs = useDocs();
  const entityFault = useFaults({ doc: entity.id, path: [] });
  const fields = useFieldOptions(entity.id, undefined);
  // What is open in a drawer; a new one is in the draft when its drawer is done, not before.
  const [rule, setRule] = useState<DisplayRule | null>(null);
  const [check, setCheck] = useState<Check | null>(null);
  const [key, setKey] = useState<string | null>(null);
  const [sharing, setSharing] = useState(false);
  const runtime = usePreviewEntity(entity.id);
  const name = textOf(entity.name);
  const editEntity = (change: (e: Entity) => void, mark?: string) =>
    store.change(
      t('build.did.formSettings', { name }),
      (d) => {
        const body = bodyOf(d, 'entity', entity.id);
        if (!body) return;
        change(body);
        for (const k of Object.keys(body) as (keyof Entity)[]) if (body[k] === undefined) delete body[k];
      },
      mark && `${entity.id}.${mark}`,
    );
  const editForm = (change: (f: Form) => void, mark?: string) =>
    store.change(
      t('build.did.formSettings', { name }),
      (d) => {
        const body = bodyOf(d, 'form', form.id);
        if (!body) return;
        change(body);
        for (const k of Object.keys(body) as (keyof Form)[]) if (body[k] === undefined) delete body[k];
      },
      mark && `${form.id}.${mark}`,
    );
  const rules = form.rules ?? [];
  const checks = entity.checks ?? [];
  const keyFault =
    key === null
      ? entityFault(['key'])
      : !validKey(key)
        ? t('build.field.keyInvalid')
        : entities(docs).some((e) => e.id !== entity.id && e.key === key)
          ? t('build.field.keyTaken')
          : undefined;
  const commitKey = () => {
    if (key !== null && key !== entity.key && !keyFault)
      store.change(t('build.did.rekey', { name, key }), (d) => rekeyEntity(d, parts, entity.id, key));
    setKey(null);
  };

  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.headName}>{t('build.form.settings')}</h2>
      </header>
      <div className={styles.body}>
        <section className={styles.part}>
          <TextInput
            label={t('build.formName')}
            required
            value={name}
            error={entityFault(['name'])}
            onChange={(words) =>
              store.change(
                t('build.did.rename', { name: words }),
                (d) => renameForm(d, entity.id, words),
                `${entity.id}.name`,
              )
            }
          />
          <TextInput
            label={t('build.key')}
            value={key ?? entity.key}
            error={keyFault}
            onChange={(text) => setKey(text.trim().toLowerCase())}
            onBlur={commitKey}
            onEnter={commitKey}
          />
          <CodeInput
            label={t('build.form.title')}
            help={t('build.form.titleHelp')}
            template
            value={entity.title}
            fault={entityFault(['title'])}
            onChange={(title) =>
              editEntity((e) => {
                e.title = title;
              }, 'title')
            }
            scope={recordScope(docs, fieldsOf(entity))}
            placeholder={entity.fields[0] && t('common.standing', { value: textOf(entity.fields[0].name) })}
          />
          <MultiSelect
            label={t('build.form.subtitle')}
            help={t('build.form.subtitleHelp')}
            options={fields}
            value={entity.subtitle ?? []}
            onChange={(ids) =>
              editEntity((e) => {
                e.subtitle = ids.length ? ids.slice(0, 3) : undefined;
              })
            }
          />
          <LocalText
            label={t('build.form.ownerName')}
            localized
            placeholder={t('common.standing', { value: t('build.system.owner') })}
            value={entity.owner_name}
            onChange={(v) =>
              editEntity((e) => {
                e.owner_name = v;
              }, 'owner')
            }
          />
          <LocalText
            label={t('build.form.help')}
            long
            localized
            value={entity.help}
            onChange={(v) =>
              editEntity((e) => {
                e.help = v;
              }, 'help')
            }
          />
        </section>

        <section className={styles.part}>
          <h3 className={styles.partHead}>
            {t('build.form.displayRules')}
            <IconButton
              size="sm"
              icon="plus"
              label={t('build.form.addDisplayRule')}
              onClick={() => setRule({ id: newId('dsp_'), when: '' })}
            />
          </h3>
          {rules.length === 0 && <p className={styles.quiet}>{t('build.form.displayRulesHelp')}</p>}
          <div className={styles.list}>
            {rules.map((one, i) => (
              <RuleEntry
                key={one.id}
                rule={one}
                entity={entity}
                form={form}
                index={i}
                onOpen={() => setRule(one)}
                onRemove={() =>
                  editForm((f) => {
                    f.rules = f.rules?.filter((r) => r.id !== one.id);
                  })
                }
              />
            ))}
          </div>
          <Select
            label={t('build.form.hiddenPolicy')}
            help={t('build.form.hiddenPolicyHelp')}
            value={form.hidden_policy ?? 'keep'}
            onChange={(v) =>
              editForm((f) => {
                f.hidden_policy = v === 'keep' || !v ? undefined : v;
              })
            }
            options={(['keep', 'clear', 'recompute'] as const).map((value) => ({
              value,
              label: t(`build.form.policy_${value}`),
            }))}
          />
        </section>

        <section className={styles.part}>
          <h3 className={styles.partHead}>
            {t('build.form.checks')}
            <IconButton
              size="sm"
              icon="plus"
              label={t('build.form.addCheck')}
              onClick={() => setCheck({ id: newId('chk_'), when: '', message: '' })}
            />
          </h3>
          {checks.length === 0 && <p className={styles.quiet}>{t('build.form.checksHelp')}</p>}
          <div className={styles.list}>
            {checks.map((one, i) => (
              <CheckEntry
                key={one.id}
                check={one}
                entity={entity}
                index={i}
                onOpen={() => setCheck(one)}
                onRemove={() =>
                  editEntity((e) => {
                    e.checks = e.checks?.filter((c) => c.id !== one.id);
                  })
                }
              />
            ))}
          </div>
        </section>

        <section className={styles.part}>
          <LocalText
            label={t('build.form.submitText')}
            localized
            placeholder={t('common.standing', { value: t('build.form.submitDefault') })}
            value={form.submit_text}
            onChange={(v) =>
              editForm((f) => {
                f.submit_text = v;
              }, 'submit')
            }
          />
          <LocalText
            label={t('build.form.thanks')}
            long
            localized
            value={form.thanks_text}
            onChange={(v) =>
              editForm((f) => {
                f.thanks_text = v;
              }, 'thanks')
            }
          />
          <Switch
            spread
            label={t('build.form.comments')}
            checked={entity.comments !== false}
            onChange={(on) =>
              editEntity((e) => {
                e.comments = on ? undefined : false;
              })
            }
          />
        </section>
        <section className={styles.part}>
          <Button icon="globe" onClick={() => setSharing(true)}>
            {t('share.publicForm')}
          </Button>
          <p className={styles.quiet}>{t('build.form.publicHelp')}</p>
        </section>
      </div>
      {sharing && runtime && (
        <Suspense>
          <ShareLinks
            app={app.id}
            target={{ kind: 'form', form: form.id }}
            entity={runtime}
            title={form.default ? name : textOf(form.name)}
            onClose={() => setSharing(false)}
          />
        </Suspense>
      )}
      {rule && (
        <RuleDrawer
          key={rule.id}
          rule={rule}
          entity={entity}
          onClose={() => setRule(null)}
          onSave={(next) =>
            editForm((f) => {
              f.rules = withOne(f.rules, next);
            })
          }
        />
      )}
      {check && (
        <CheckDrawer
          key={check.id}
          check={check}
          entity={entity}
          onClose={() => setCheck(null)}
          onSave={(next) =>
            editEntity((e) => {
              e.checks = withOne(e.checks, next);
            })
          }
        />
      )}
    </>
  );
}

/** A list with one in the place of its like-named, or at the end. */
function withOne<T extends { id?: string }>(list: readonly T[] | undefined, one: T): T[] {
  const all = list ?? [];
  return all.some((x) => x.id === one.id) ? all.map((x) => (x.id === one.id ? one : x)) : [...all, one];
}

const named = (entity: Entity, ids: string[] | undefined) =>
  (ids ?? []).map((id) => textOf(entity.fields.find((f) => f.id === id)?.name) || id).join(t('common.comma'));

function RuleEntry({
  rule,
  entity,
  form,
  index,
  onOpen,
  onRemove,
}: {
  rule: DisplayRule;
  entity: Entity;
  form: Form;
  index: number;
  onOpen: () => void;
  onRemove: () => void;
}) {
  const words = useConditionWords(rule.when, entity.id, usePreview());
  const fault = useFaults({ doc: form.id, path: ['rules', index] })([]);
  const effects = (['show', 'hide', 'lock'] as const)
    .filter((k) => rule[k]?.length)
    .map((k) => t(`build.form.effect_${k}`, { fields: named(entity, rule[k]) }));
  return (
    <div className={styles.entry}>
      <button type="button" className={styles.entryButton} onClick={onOpen}>
        <span className={styles.entryWords}>
          {words.length ? words.join(` ${t('filter.and')} `) : t('build.noCondition')}
        </span>
        <span className={styles.entryAside}>
          {fault ?? (effects.join(t('build.semicolon')) || t('build.form.noEffect'))}
        </span>
      </button>
      <IconButton size="sm" icon="x" label={t('build.form.removeRule')} onClick={onRemove} />
    </div>
  );
}

function RuleDrawer({
  rule,
  entity,
  onClose,
  onSave,
}: {
  rule: DisplayRule;
  entity: Entity;
  onClose: () => void;
  onSave: (rule: DisplayRule) => void;
}) {
  const docs = useDocs();
  const preview = usePreview();
  const fields = useFieldOptions(entity.id, undefined);
  const [draft, setDraft] = useState(rule);
  const { rows, done } = useRowsDone(true);
  const scope = recordScope(docs, fieldsOf(entity));
  const list = (ids: string[]) => (ids.length ? ids : undefined);
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t('build.form.displayRule')}
      width={640}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            variant="primary"
            onClick={() => {
              if (!done(draft.when)) return;
              onSave(JSON.parse(JSON.stringify(draft)) as DisplayRule);
              onClose();
            }}
          >
            {t('common.done')}
          </Button>
        </>
      }
    >
      <div className={styles.part} style={{ padding: 0, border: 0 }}>
        <h3 className={styles.partHead}>{t('build.form.when')}</h3>
        <ConditionRows
          value={draft.when}
          onChange={(when) => setDraft({ ...draft, when })}
          scope={scope}
          entity={entity.id}
          server={{ entity: entity.id, scope: 'record' }}
          runtime={preview}
          {...rows}
        />
        <MultiSelect
          label={t('build.form.show')}
          help={t('build.form.showHelp')}
          options={fields}
          value={draft.show ?? []}
          onChange={(ids) => setDraft({ ...draft, show: list(ids) })}
        />
        <MultiSelect
          label={t('build.form.hide')}
          options={fields}
          value={draft.hide ?? []}
          onChange={(ids) => setDraft({ ...draft, hide: list(ids) })}
        />
        <MultiSelect
          label={t('build.form.lock')}
          options={fields}
          value={draft.lock ?? []}
          onChange={(ids) => setDraft({ ...draft, lock: list(ids) })}
        />
      </div>
    </Drawer>
  );
}

function CheckEntry({
  check,
  entity,
  index,
  onOpen,
  onRemove,
}: {
  check: Check;
  entity: Entity;
  index: number;
  onOpen: () => void;
  onRemove: () => void;
}) {
  const words = useConditionWords(check.when, entity.id, usePreview());
  const fault = useFaults({ doc: entity.id, path: ['checks', index] })([]);
  return (
    <div className={styles.entry}>
      <button type="button" className={styles.entryButton} onClick={onOpen}>
        <span className={styles.entryWords}>{textOf(check.message) || t('build.form.noMessage')}</span>
        <span className={styles.entryAside}>{fault ?? words.join(` ${t('filter.and')} `)}</span>
      </button>
      <IconButton
        size="sm"
        icon="x"
        label={t('build.form.removeCheck')}
        onClick={async () => {
          if (await confirm({ title: t('build.form.removeCheckTitle'), action: t('common.delete'), danger: true }))
            onRemove();
        }}
      />
    </div>
  );
}

function CheckDrawer({
  check,
  entity,
  onClose,
  onSave,
}: {
  check: Check;
  entity: Entity;
  onClose: () => void;
  onSave: (check: Check) => void;
}) {
  const docs = useDocs();
  const preview = usePreview();
  const fields = useFieldOptions(entity.id, undefined);
  const [draft, setDraft] = useState(check);
  const { rows, done } = useRowsDone(true);
  const record = fieldsOf(entity);
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t('build.form.check')}
      width={640}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            variant="primary"
            onClick={() => {
              if (!done(draft.when)) return;
              onSave(JSON.parse(JSON.stringify(draft)) as Check);
              onClose();
            }}
          >
            {t('common.done')}
          </Button>
        </>
      }
    >
      <div className={styles.part} style={{ padding: 0, border: 0 }}>
        <h3 className={styles.partHead}>{t('build.form.refuseWhen')}</h3>
        <ConditionRows
          value={draft.when}
          onChange={(when) => setDraft({ ...draft, when })}
          scope={recordScope(docs, record, { old: record })}
          entity={entity.id}
          others={[{ name: 'old', entity: entity.id }]}
          changes
          server={{ entity: entity.id, scope: 'rule' }}
          runtime={preview}
          {...rows}
        />
        <LocalText
          label={t('build.form.message')}
          required
          localized
          value={draft.message}
          onChange={(message) => setDraft({ ...draft, message: message ?? '' })}
          help={t('build.form.messageHelp')}
        />
        <MultiSelect
          label={t('build.form.messageAt')}
          options={fields}
          value={draft.fields ?? []}
          onChange={(ids) => setDraft({ ...draft, fields: ids.length ? ids : undefined })}
        />
      </div>
    </Drawer>
  );
}
