import { Suspense, useState } from 'react';
import { post } from '@/api/client';
import { queryRecords, recordsPath } from '@/api/queries/records';
import type { Rule, RuntimeField } from '@/api/types';
import { fieldOf } from '@/fields';
import { Button, confirm, IconButton, Menu, Popover, Select, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { bulkSelect, everythingPicked, nothingPicked, pickedCount } from '@/views/shared/row-pick';
import { sayChanged, sayProblem } from '@/views/shared/say';
import { allFields, findField } from '@/views/shared/system';
import { ButtonDialog } from '../record/ButtonDialog';
import { ExportDialog } from './export';
import styles from './list.module.css';
import { useListState } from './use-list';

/** Each press of a button is a request: more belongs to a rule on a schedule. */
const buttonLimit = 500;

/** What can be done with the ticked rows; the server does it to all of them. */
export function BulkBar() {
  const list = useListState();
  const { entity, pick, setPick, total, query, edits, buttons, ctx, appId } = list;
  const [busy, setBusy] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [asking, setAsking] = useState<Rule | null>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const count = pickedCount(pick, total ?? 0);
  const select = bulkSelect(pick, query);
  const owner = findField(entity, 'owner');

  async function apply(set: Record<string, unknown>) {
    setBusy(true);
    try {
      const result = await edits.bulk({ select, set });
      sayChanged(edits, result.count);
      setPick(nothingPicked);
    } catch (error) {
      sayProblem(error);
    } finally {
      setBusy(false);
    }
  }

  async function remove() {
    const yes = await confirm({
      title: t('list.bulkDeleteTitle', { n: count }),
      body: t('list.bulkDeleteBody'),
      action: t('common.delete'),
      danger: true,
    });
    if (!yes) return;
    setBusy(true);
    try {
      const result = await edits.bulk({ select, delete: true });
      setPick(nothingPicked);
      sayChanged(edits, result.count, 'deleted');
    } catch (error) {
      sayProblem(error);
    } finally {
      setBusy(false);
    }
  }

  async function press(rule: Rule, inputs: Record<string, unknown>) {
    const name = textOf(rule.trigger.label) || textOf(rule.name);
    if (count > buttonLimit) {
      toast(t('list.buttonTooMany', { n: buttonLimit }), { tone: 'danger' });
      return;
    }
    setProgress({ done: 0, total: count });
    try {
      const ids = pick.all
        ? (
            await queryRecords(
              { app: appId, entity: entity.key },
              {
                filter: query.filter || undefined,
                search: query.search || undefined,
                limit: buttonLimit,
                fields: [],
                count: 'none',
              },
            )
          ).records
            .map((r) => r.id)
            .filter((id) => !pick.except.has(id))
        : [...pick.ids];
      const failures: unknown[] = [];
      let done = 0;
      for (const id of ids) {
        try {
          await post(`${recordsPath({ app: appId, entity: entity.key })}/${id}/buttons/${rule.id}`, { inputs });
        } catch (error) {
          failures.push(error);
        }
        done++;
        setProgress({ done, total: ids.length });
      }
      if (failures.length > 0) {
        const first = failures[0] instanceof Error ? failures[0].message : String(failures[0]);
        toast(t('list.buttonFailed', { n: failures.length, text: first }), { tone: 'danger' });
      }
      if (done > failures.length) toast(t('list.buttonDone', { n: done - failures.length, name }), { tone: 'success' });
      setPick(nothingPicked);
      list.reload();
    } catch (error) {
      sayProblem(error);
    } finally {
      setProgress(null);
    }
  }

  async function ask(rule: Rule) {
    if (rule.trigger.inputs?.length) {
      setAsking(rule);
      return;
    }
    const words = textOf(rule.trigger.confirm);
    if (words) {
      const yes = await confirm({
        title: textOf(rule.trigger.label) || textOf(rule.name),
        body: words,
        action: t('list.buttonRun'),
      });
      if (!yes) return;
    }
    void press(rule, {});
  }

  const shown = buttons.slice(0, 2);
  const rest = buttons.slice(2);

  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t('list.selected', { n: count })}>
      <IconButton icon="x" size="sm" label={t('list.clearSelection')} onClick={() => setPick(nothingPicked)} />
      <span className={styles.picked} role="status">
        {progress ? t('list.running', progress) : t('list.selected', { n: count })}
      </span>
      {!pick.all && total !== null && count < total && (
        <Button size="sm" variant="plain" onClick={() => setPick(everythingPicked)}>
          {t('list.selectAllOf', { n: total })}
        </Button>
      )}
      <span className={styles.bar} />
      {entity.ops.includes('update') && (
        <Popover
          width={340}
          label={t('list.bulkEdit')}
          target={
            <Button size="sm" variant="plain" icon="pen" loading={busy}>
              {t('list.bulkEdit')}
            </Button>
          }
        >
          {(close) => (
            <BulkEdit
              fields={allFields(entity).filter((f) => f.writable && !f.masked && f.kind !== 'rows')}
              count={count}
              onApply={(set) => {
                close();
                void apply(set);
              }}
            />
          )}
        </Popover>
      )}
      {entity.ops.includes('update') && owner?.writable && (
        <Popover
          width={280}
          label={t('list.assign', { name: textOf(owner.name) })}
          target={
            <Button size="sm" variant="plain" icon="user">
              {t('list.assign', { name: textOf(owner.name) })}
            </Button>
          }
        >
          {(close) => (
            <BulkEdit
              fields={[owner]}
              count={count}
              onApply={(set) => {
                close();
                void apply(set);
              }}
            />
          )}
        </Popover>
      )}
      {entity.ops.includes('export') && (
        <Button size="sm" variant="plain" icon="download" onClick={() => setExporting(true)}>
          {t('list.export')}
        </Button>
      )}
      {shown.map((rule) => (
        <Button
          key={rule.id}
          size="sm"
          variant="plain"
          icon={rule.trigger.icon ?? 'bolt'}
          onClick={() => void ask(rule)}
          disabled={progress !== null}
        >
          {textOf(rule.trigger.label) || textOf(rule.name)}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu
          items={rest.map((rule) => ({
            label: textOf(rule.trigger.label) || textOf(rule.name),
            icon: rule.trigger.icon ?? 'bolt',
            onSelect: () => void ask(rule),
          }))}
        >
          <IconButton icon="dots" size="sm" label={t('list.more')} />
        </Menu>
      )}
      {entity.ops.includes('delete') && (
        <Button size="sm" variant="plain" icon="trash" className={styles.danger} onClick={() => void remove()}>
          {t('list.bulkDelete')}
        </Button>
      )}
      {exporting && (
        <Suspense>
          <ExportDialog list={list} picked onClose={() => setExporting(false)} />
        </Suspense>
      )}
      {asking && (
        <ButtonDialog
          rule={asking}
          entity={entity}
          ctx={ctx}
          onClose={() => setAsking(null)}
          onDone={() => setAsking(null)}
          press={async (inputs) => {
            setAsking(null);
            await press(asking, inputs);
          }}
        />
      )}
    </div>
  );
}

function BulkEdit({
  fields,
  count,
  onApply,
}: {
  fields: RuntimeField[];
  count: number;
  onApply: (set: Record<string, unknown>) => void;
}) {
  const { ctx } = useListState();
  const [id, setId] = useState(fields.length === 1 ? fields[0]?.id : undefined);
  const [value, setValue] = useState<unknown>(null);
  const field = fields.find((f) => f.id === id);
  const Input = field && fieldOf(field.type).Input;
  const blank = value === null || value === undefined || value === '';
  return (
    <form
      className={styles.panel}
      onSubmit={(e) => {
        e.preventDefault();
        if (field) onApply({ [field.key]: value ?? null });
      }}
    >
      {fields.length > 1 && (
        <Select
          label={t('list.bulkField')}
          value={id ?? null}
          options={fields.map((f) => ({ value: f.id, label: textOf(f.name), icon: fieldOf(f.type).icon }))}
          onChange={(next) => {
            setId(next ?? undefined);
            setValue(null);
          }}
        />
      )}
      {field && Input && (
        <Input
          key={field.id}
          label={fields.length === 1 ? textOf(field.name) : t('list.bulkValue')}
          field={{ ...field, required: false }}
          ctx={ctx}
          value={value as never}
          onChange={setValue as never}
        />
      )}
      <div className={styles.panelEnd}>
        <Button
          type="submit"
          size="sm"
          variant={field && blank ? 'danger' : 'primary'}
          disabled={!field || (blank && field.required)}
        >
          {blank && field ? t('list.bulkClear') : t('list.bulkApply', { n: count })}
        </Button>
      </div>
    </form>
  );
}
