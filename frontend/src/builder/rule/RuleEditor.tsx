import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useDraftHints } from '@/api/queries/drafts';
import type { Rule, Step } from '@/api/types';
import { Icon, IconButton, Notice, Tabs, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { useBuilder, useDocs, useDraftState, usePreview } from '../context';
import { bodyOf, entityOf, parsePlace } from '../model';
import { useConditionWords } from '../panel/ConditionField';
import { ConditionPanel } from './ConditionPanel';
import { DryRun } from './DryRun';
import { Flow } from './Flow';
import styles from './RuleEditor.module.css';
import { RunLog } from './RunLog';
import { StepPanel } from './StepPanel';
import { findStep } from './steps';
import { TriggerPanel } from './TriggerPanel';
import { ruleSentence } from './words';

/** What is open at the right: the trigger, the condition, or a step by id. */
export type Part = 'trigger' | 'condition' | `step:${string}`;

export interface RuleEdits {
  rule: Rule;
  edit: (change: (rule: Rule) => void, label?: string, mark?: string) => void;
  setSteps: (steps: Step[], label: string) => void;
}

/** One rule: trigger, condition and steps as a column of cards, the settings of one beside it. */
export function RuleEditor({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { app, store, parts } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const run = useSearchParams()[0].get('run');
  const [tab, setTab] = useState<'flow' | 'try' | 'log'>(run ? 'log' : 'flow');
  const [part, setPart] = useState<Part | null>('trigger');
  const faults = useDraftState((s) => s.faults);
  const hints = useDraftHints(
    app.id,
    useDraftState((s) => s.savedAt),
  );
  const faulty = useMemo(() => {
    const out = new Set<string>();
    for (const fault of faults) {
      const at = parsePlace(fault.path);
      if (at.doc !== rule.id) continue;
      if (at.path[0] !== 'steps') {
        out.add(at.path[0] === 'condition' ? 'condition' : 'trigger');
        continue;
      }
      // Faults inside a branch mark the step they belong to.
      let here: unknown = rule;
      let id = '';
      for (const p of at.path) {
        here = (here as Record<string | number, unknown> | undefined)?.[p];
        const step = here as Step | undefined;
        if (typeof p === 'number' && step?.id) id = step.id;
      }
      out.add(`step:${id}`);
    }
    return out;
  }, [faults, rule]);
  const condition = useConditionWords(rule.condition ?? '', rule.entity, preview, {
    changes: true,
    others: [{ name: 'old', entity: rule.entity }],
  });
  const each = useConditionWords(rule.trigger.each ?? '', rule.entity, preview);
  const name = textOf(rule.name);
  const edits: RuleEdits = {
    rule,
    edit: (change, label = t('build.did.ruleSettings', { name }), mark) =>
      void store.change(
        label,
        (d) => {
          const body = bodyOf(d, 'rule', rule.id);
          if (!body) return;
          change(body);
          for (const target of [body, body.trigger] as unknown as Record<string, unknown>[])
            for (const key of Object.keys(target)) if (target[key] === undefined) delete target[key];
        },
        mark && `${rule.id}.${mark}`,
      ),
    setSteps: (steps, label) =>
      void store.change(label, (d) => {
        const body = bodyOf(d, 'rule', rule.id);
        if (body) body.steps = steps;
      }),
  };
  const step = part?.startsWith('step:') ? findStep(rule.steps, part.slice(5))?.step : undefined;
  const entity = entityOf(docs, rule.entity);

  return (
    <div className={styles.editor}>
      <header className={styles.head}>
        <IconButton icon="arrow-left" label={t('build.rule.back')} onClick={onClose} />
        <div className={styles.name}>
          <TextInput
            aria-label={t('build.rule.name')}
            value={name}
            onChange={(words) =>
              edits.edit(
                (r) => {
                  r.name = withText(typeof r.name === 'string' ? words : r.name, words);
                },
                t('build.did.rename', { name: words }),
                'name',
              )
            }
          />
        </div>
        {entity && (
          <span className={styles.entity}>
            <Icon name={entity.icon ?? 'form'} size={14} />
            {textOf(entity.name)}
          </span>
        )}
        <Tabs
          aria-label={name}
          className={styles.tabs}
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'flow', label: t('build.rule.tabFlow'), dot: faulty.size > 0 },
            { value: 'try', label: t('build.rule.tabTry') },
            { value: 'log', label: t('build.rule.tabLog') },
          ]}
        />
      </header>
      {tab === 'flow' && (
        <div className={styles.body}>
          <div className={styles.canvas}>
            {hints.data
              ?.filter((hint) => hint.doc === rule.id)
              .map((hint) => (
                <Notice key={textOf(hint.text)} tone="warning" className={styles.hint}>
                  {textOf(hint.text)}
                </Notice>
              ))}
            <p className={styles.sentence}>{ruleSentence(rule, docs, parts, condition, each)}</p>
            <Flow edits={edits} part={part} onPart={setPart} condition={condition} each={each} faulty={faulty} />
          </div>
          {part && (
            <aside className={styles.panel} aria-label={t('build.designer.settings')}>
              {part === 'trigger' && <TriggerPanel edits={edits} />}
              {part === 'condition' && <ConditionPanel edits={edits} />}
              {step && <StepPanel key={step.id} edits={edits} step={step} onGone={() => setPart(null)} />}
            </aside>
          )}
        </div>
      )}
      {tab === 'try' && <DryRun rule={rule} />}
      {tab === 'log' && <RunLog rule={rule} run={run} />}
    </div>
  );
}
