import type { Step } from '@/api/types';
import { Icon, Notice } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, usePreview } from '../context';
import { useFaults } from '../faults';
import panel from '../form/PropertyPanel.module.css';
import { ConditionField } from '../panel/ConditionField';
import { LocalText } from '../panel/LocalText';
import { type Options, SchemaPanel } from '../panel/SchemaPanel';
import { hasBefore, ruleScope } from '../usage';
import type { RuleEdits } from './RuleEditor';
import { eachStep, patchStep } from './steps';

/** The path of a step in its rule's document. */
export function stepPath(steps: Step[], id: string): (string | number)[] {
  const places = new Map([...eachStep(steps)].map(({ step, slot }) => [step.id, slot]));
  const out: (string | number)[] = [];
  let at: string | null = id;
  while (at !== null) {
    const slot = places.get(at);
    if (!slot) return [];
    out.unshift(slot.branch, slot.index);
    at = slot.owner;
  }
  return out;
}

/** The settings of one step, drawn from its action. */
export function StepPanel({ edits, step }: { edits: RuleEdits; step: Step; onGone: () => void }) {
  const { rule, setSteps } = edits;
  const { parts, store } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const part = parts.actions.get(step.type);
  const path = stepPath(rule.steps, step.id);
  const faultAt = useFaults({ doc: rule.id, path });
  const scope = ruleScope(docs, rule, parts, step.id);
  const name = textOf(step.name) || textOf(part?.label) || step.type;
  const set = (change: (s: Step) => void, mark?: string) => {
    const next = patchStep(rule.steps, step.id, change);
    if (!mark) return setSteps(next, t('build.did.stepSettings', { name }));
    store.change(
      t('build.did.stepSettings', { name }),
      (d) => {
        const doc = d[rule.id];
        if (doc?.kind === 'rule') doc.body.steps = next;
      },
      `${rule.id}.${step.id}.${mark}`,
    );
  };
  const general = faultAt([]);
  return (
    <>
      <header className={panel.head}>
        <Icon name={part?.icon ?? 'bolt'} className={panel.headIcon} />
        <h2 className={panel.headName}>{textOf(part?.label) || step.type}</h2>
      </header>
      <div className={panel.body}>
        {part && textOf(part.help) && (
          <section className={panel.part}>
            <p className={panel.quiet}>{textOf(part.help)}</p>
          </section>
        )}
        {!part && (
          <section className={panel.part}>
            <Notice tone="warning">{t('build.rule.unknownStepHelp')}</Notice>
          </section>
        )}
        {part && Object.keys(part.options.properties ?? {}).length > 0 && (
          <section className={panel.part}>
            <SchemaPanel
              schema={part.options}
              value={step.options as Options | undefined}
              panel={{
                scope,
                server: { entity: rule.entity, scope: 'rule', rule: rule.id },
                entity: rule.entity,
                place: { doc: rule.id, path: [...path, 'options'] },
                templates: true,
              }}
              onChange={(options, option) =>
                set((s) => {
                  s.options = options;
                }, `options.${option}`)
              }
            />
            {general && !faultAt(['options']) && <Notice tone="danger">{general}</Notice>}
          </section>
        )}
        <section className={panel.part}>
          <ConditionField
            label={t('build.rule.stepWhen')}
            value={step.when ?? ''}
            error={faultAt(['when'])}
            onChange={(when) =>
              set((s) => {
                s.when = when || undefined;
              })
            }
            scope={scope}
            entity={rule.entity}
            others={rule.entity && hasBefore(rule) ? [{ name: 'old', entity: rule.entity }] : []}
            changes={hasBefore(rule)}
            runtime={preview}
            empty={t('build.rule.always')}
          />
          <LocalText
            label={t('build.rule.stepName')}
            localized
            placeholder={t('common.standing', { value: textOf(part?.label) })}
            value={step.name}
            onChange={(v) =>
              set((s) => {
                s.name = v;
              }, 'name')
            }
          />
        </section>
      </div>
    </>
  );
}
