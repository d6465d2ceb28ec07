// Buttons of rules on a record: two in sight, the rest in a menu.
import { useState } from 'react';
import { asProblem } from '@/api/client';
import { usePressButton } from '@/api/queries/records';
import type { RecordData, Rule, RuntimeEntity } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { Button } from '@/kit/Button';
import { confirm } from '@/kit/confirm';
import { iconOr } from '@/kit/Icon';
import { IconButton } from '@/kit/IconButton';
import { Menu } from '@/kit/Menu';
import { toast } from '@/kit/toast';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { ButtonDialog } from './ButtonDialog';
import { buttonsFor } from './buttons';

export interface RecordButtonsProps {
  entity: RuntimeEntity;
  record: RecordData;
  ctx: FieldContext;
  /** How many stand in sight. */
  shown?: number;
  /** Unsaved input is saved before a button looks at the record. */
  before?: () => Promise<boolean>;
  onRecord: (record: RecordData) => void;
}

export function RecordButtons({ entity, record, ctx, shown = 2, before, onRecord }: RecordButtonsProps) {
  const { runtime, appId, workspace } = useApp();
  const [asking, setAsking] = useState<Rule | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const press = usePressButton({ app: appId, entity: entity.key });
  const buttons = buttonsFor(runtime, entity, record, workspace.time_zone);
  if (buttons.length === 0) return null;
  const label = (rule: Rule) => textOf(rule.trigger.label) || textOf(rule.name);

  const send = (rule: Rule, inputs: Record<string, unknown>) =>
    press.mutateAsync({ id: record.id, rule: rule.id, inputs });
  const done = (rule: Rule, result: unknown) => {
    const answer = (result ?? {}) as { record?: RecordData; message?: string; open?: string; entity?: string };
    setAsking(null);
    if (answer.record) onRecord(answer.record);
    toast(answer.message || t('record.doneName', { name: label(rule) }), { tone: 'success' });
    if (answer.open && answer.entity) ctx.open?.(answer.entity, answer.open);
    else if (answer.open && /^(https?:\/\/|\/(?!\/))/.test(answer.open)) window.open(answer.open, '_blank', 'noopener');
  };

  async function start(rule: Rule) {
    if (before && !(await before())) return;
    if ((rule.trigger.inputs?.length ?? 0) > 0) {
      setAsking(rule);
      return;
    }
    const question = textOf(rule.trigger.confirm);
    if (
      question &&
      !(await confirm({ title: t('record.confirmAction', { name: label(rule) }), body: question, action: label(rule) }))
    )
      return;
    setRunning(rule.id);
    try {
      done(rule, await send(rule, {}));
    } catch (error) {
      toast(`${label(rule)}: ${asProblem(error).message}`, { tone: 'danger' });
    } finally {
      setRunning(null);
    }
  }

  return (
    <>
      {buttons.slice(0, shown).map((rule) => (
        <Button
          key={rule.id}
          size="sm"
          icon={rule.trigger.icon ? iconOr(rule.trigger.icon, 'bolt') : undefined}
          loading={running === rule.id}
          onClick={() => start(rule)}
        >
          {label(rule)}
        </Button>
      ))}
      {buttons.length > shown && (
        <Menu
          items={buttons.slice(shown).map((rule) => ({
            label: label(rule),
            icon: iconOr(rule.trigger.icon, 'bolt'),
            onSelect: () => void start(rule),
          }))}
        >
          <IconButton
            size="sm"
            bordered
            icon="dots"
            label={t('record.more')}
            loading={buttons.slice(shown).some((rule) => rule.id === running)}
          />
        </Menu>
      )}
      {asking && (
        <ButtonDialog
          rule={asking}
          entity={entity}
          ctx={ctx}
          press={(inputs) => send(asking, inputs)}
          onDone={(result) => done(asking, result)}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
