import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Step } from '@/api/types';
import { cx, Icon, IconButton, type IconProps, Menu, type MenuEntry } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, usePreview } from '../context';
import { useConditionWords } from '../panel/ConditionField';
import { starting } from '../panel/controls';
import { usePeopleNames } from '../panel/PeopleSelect';
import type { Parts } from '../parts';
import { ruleScope } from '../usage';
import styles from './Flow.module.css';
import type { Part, RuleEdits } from './RuleEditor';
import { duplicateStep, freshStepId, holds, insertStep, moveStep, nudgeStep, removeStep, type StepSlot } from './steps';
import { triggerIcons } from './TriggerPanel';
import { eachWords, stepName, stepWords, triggerTitle } from './words';

interface FlowProps {
  edits: RuleEdits;
  part: Part | null;
  onPart: (part: Part | null) => void;
  condition: string[];
  /** Which records a schedule goes through. */
  each: string[];
  faulty: ReadonlySet<string>;
}

/** The rule from top to bottom: what starts it, what must hold, what it does. */
export function Flow({ edits, part, onPart, condition, each, faulty }: FlowProps) {
  const { rule } = edits;
  const docs = useDocs();
  return (
    <div className={styles.flow}>
      <Card
        icon={triggerIcons[rule.trigger.type]}
        kind={t('build.rule.trigger')}
        title={triggerTitle(rule, docs)}
        words={[eachWords(rule, docs, each)].filter(Boolean)}
        selected={part === 'trigger'}
        faulty={faulty.has('trigger')}
        onSelect={() => onPart('trigger')}
      />
      <Link />
      <Card
        icon="filter"
        kind={t('build.condition')}
        title={condition.length ? undefined : t('build.rule.always')}
        words={condition}
        selected={part === 'condition'}
        faulty={faulty.has('condition')}
        onSelect={() => onPart('condition')}
      />
      <Steps steps={rule.steps} owner={null} branch="steps" {...{ edits, part, onPart, faulty }} />
      <div className={styles.end}>{t('build.rule.end')}</div>
    </div>
  );
}

function Link({ children }: { children?: ReactNode }) {
  return (
    <div className={styles.link}>
      <span className={styles.stroke} />
      {children}
    </div>
  );
}

interface StepsProps extends Omit<FlowProps, 'condition' | 'each'> {
  steps: Step[];
  owner: string | null;
  branch: 'steps' | 'else';
}

function Steps({ steps, owner, branch, ...rest }: StepsProps) {
  return (
    <>
      {steps.map((step, index) => (
        <div key={step.id} className={styles.stepWrap}>
          <Gap slot={{ owner, branch, index }} {...rest} />
          <StepCard step={step} {...rest} />
        </div>
      ))}
      <Gap slot={{ owner, branch, index: steps.length }} last {...rest} />
    </>
  );
}

/** What may be added, by group. */
function pickerEntries(parts: Parts, validate: boolean, onPick: (type: string) => void): MenuEntry[] {
  const groups = new Map<string, MenuEntry[]>();
  for (const part of parts.actions.values()) {
    // Before a record is saved only some actions make sense.
    if (validate && part.extra.validate !== true) continue;
    groups.set(part.group, [
      ...(groups.get(part.group) ?? []),
      { label: textOf(part.label), description: textOf(part.help), icon: part.icon, onSelect: () => onPick(part.name) },
    ]);
  }
  return [...groups].flatMap(([group, entries], i) => [
    i > 0 && { divider: true as const },
    { title: lookup(`build.rule.group_${group}`) ?? group },
    ...entries,
  ]);
}

/** The place between two steps: a line with a button, and a drop target. */
function Gap({
  slot,
  last,
  edits,
  onPart,
}: { slot: StepSlot; last?: boolean } & Omit<FlowProps, 'condition' | 'each'>) {
  const { parts } = useBuilder();
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const live = useRef({ edits, slot });
  live.current = { edits, slot };

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => typeof source.data.step === 'string',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const { edits: now, slot: at } = live.current;
        const steps = moveStep(now.rule.steps, source.data.step as string, at);
        if (steps !== now.rule.steps) now.setSteps(steps, t('build.did.moveStep'));
      },
    });
  }, []);

  function add(type: string) {
    const part = parts.actions.get(type);
    const id = freshStepId(edits.rule.steps);
    const options = part ? starting(part.options) : {};
    const step: Step = { id, type, ...(Object.keys(options).length ? { options } : {}) };
    for (const branch of holds(type)) step[branch] = [];
    edits.setSteps(insertStep(edits.rule.steps, slot, step), t('build.did.addStep', { name: textOf(part?.label) }));
    onPart(`step:${id}`);
  }

  return (
    <div ref={ref} className={cx(styles.gap, over && styles.over, last && styles.lastGap)}>
      <span className={styles.stroke} />
      <Menu width={300} position="bottom-start" items={pickerEntries(parts, edits.rule.mode === 'validate', add)}>
        <button
          type="button"
          className={styles.plus}
          aria-label={t('build.rule.addStep')}
          title={t('build.rule.addStep')}
        >
          <Icon name="plus" size={14} />
          {last && <span>{t('build.rule.addStep')}</span>}
        </button>
      </Menu>
    </div>
  );
}

interface CardProps {
  icon: IconProps['name'];
  kind: string;
  title?: string;
  words?: string[];
  aside?: ReactNode;
  selected: boolean;
  faulty?: boolean;
  onSelect: () => void;
  onKeyDown?: (e: KeyboardEvent) => void;
  cardRef?: React.Ref<HTMLDivElement>;
  id?: string;
}

function Card({ icon, kind, title, words, aside, selected, faulty, onSelect, onKeyDown, cardRef, id }: CardProps) {
  return (
    <div ref={cardRef} className={cx(styles.card, selected && styles.selected, faulty && styles.faulty)} data-step={id}>
      <button
        type="button"
        className={styles.cardButton}
        aria-pressed={selected}
        onClick={onSelect}
        onKeyDown={onKeyDown}
      >
        <span className={styles.icon}>
          <Icon name={icon} />
        </span>
        <span className={styles.text}>
          <span className={styles.kind}>{kind}</span>
          {title && <span className={styles.title}>{title}</span>}
          {words && words.length > 0 && (
            <span className={styles.words}>
              {words.map((word) => (
                <span key={word} className={styles.word}>
                  {word}
                </span>
              ))}
            </span>
          )}
        </span>
        {faulty && <Icon name="error" size={14} className={styles.bad} label={t('build.hasFaults')} />}
      </button>
      {aside}
    </div>
  );
}

function StepCard({ step, edits, part, onPart, faulty }: { step: Step } & Omit<FlowProps, 'condition' | 'each'>) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const names = usePeopleNames();
  const ref = useRef<HTMLDivElement>(null);
  const { rule } = edits;
  const type = parts.actions.get(step.type);
  const scope = ruleScope(docs, rule, parts, step.id);
  const when = useConditionWords(step.when ?? '', rule.entity, preview, {
    changes: true,
    others: [{ name: 'old', entity: rule.entity }],
  });
  const branches = holds(step.type);
  const condition = branches.length > 1 && typeof step.options?.if === 'string' ? step.options.if : '';
  const ifWords = useConditionWords(condition, rule.entity, preview, {
    changes: true,
    others: [{ name: 'old', entity: rule.entity }],
  });
  const words = condition ? ifWords.join(` ${t('filter.and')} `) : stepWords(step, docs, parts, scope, names);
  const name = stepName(step, parts);

  useEffect(() => {
    const element = ref.current;
    return element ? draggable({ element, getInitialData: () => ({ step: step.id }) }) : undefined;
  }, [step.id]);

  const focus = (id: string) =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-step="${id}"] > button`)?.focus());
  const shift = (by: -1 | 1) => {
    const next = nudgeStep(rule.steps, step.id, by);
    if (next !== rule.steps) edits.setSteps(next, t('build.did.moveStep'));
    focus(step.id);
  };
  const duplicate = () => {
    const made = duplicateStep(rule.steps, step.id);
    edits.setSteps(made.steps, t('build.did.copyStep', { name }));
    onPart(`step:${made.id}`);
    focus(made.id);
  };
  const remove = () => {
    edits.setSteps(removeStep(rule.steps, step.id), t('build.did.deleteStep', { name }));
    if (part === `step:${step.id}`) onPart(null);
  };
  function key(e: KeyboardEvent) {
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      e.preventDefault();
      shift(e.key === 'ArrowUp' ? -1 : 1);
    } else if (e.key === 'Delete' || e.key === 'Backspace') {
      e.preventDefault();
      remove();
    } else if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'd') {
      e.preventDefault();
      duplicate();
    }
  }

  return (
    <>
      <Card
        cardRef={ref}
        id={step.id}
        icon={type?.icon ?? 'bolt'}
        kind={
          textOf(step.name)
            ? textOf(type?.label)
            : type
              ? (lookup(`build.rule.group_${type.group}`) ?? '')
              : t('build.rule.unknownStep')
        }
        title={words ? `${name}${t('build.colon')}${words}` : name}
        words={when.length ? when.map((w) => t('build.rule.onlyIf', { condition: w })) : undefined}
        selected={part === `step:${step.id}`}
        faulty={faulty.has(`step:${step.id}`)}
        onSelect={() => onPart(`step:${step.id}`)}
        onKeyDown={key}
        aside={
          <Menu
            position="bottom-end"
            items={[
              { label: t('build.moveUp'), icon: 'arrow-up', shortcut: 'alt+ArrowUp', onSelect: () => shift(-1) },
              { label: t('build.moveDown'), icon: 'arrow-down', shortcut: 'alt+ArrowDown', onSelect: () => shift(1) },
              { label: t('common.duplicate'), icon: 'copy', shortcut: 'mod+d', onSelect: duplicate },
              { divider: true },
              { label: t('common.delete'), icon: 'trash', danger: true, shortcut: 'Delete', onSelect: remove },
            ]}
          >
            <IconButton size="sm" icon="dots" label={t('build.rule.stepActions', { name })} />
          </Menu>
        }
      />
      {branches.length > 0 && (
        <div className={styles.branches}>
          {branches.map((branch) => (
            <section key={branch} className={styles.branch}>
              <h4 className={styles.branchName}>
                {branches.length === 1
                  ? t('build.rule.eachOne')
                  : t(branch === 'steps' ? 'build.rule.ifYes' : 'build.rule.ifNo')}
              </h4>
              <Steps steps={step[branch] ?? []} owner={step.id} branch={branch} {...{ edits, part, onPart, faulty }} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}
