// A rule in words: the sentence on top of the editor, the lines of its cards.
import type { Entity, Rule, Step, Text } from '@/api/types';
import { templateParts } from '@/expr/tokens';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { fieldsOf, findKey, references, type Scope, titleOf } from '../formula/refs';
import { type Docs, entityOf, fieldOf } from '../model';
import { peopleWords } from '../panel/people';
import { optionsOf, type Parts } from '../parts';
import { readCron, readOffset } from './schedule';

/** An expression with titles in place of keys. */
export function exprWords(source: string, scope: Scope): string {
  let out = '';
  let at = 0;
  for (const ref of references(source, scope)) {
    if (ref.nested || ref.segments.some((s) => s.what === 'unknown')) continue;
    out += source.slice(at, ref.from) + titleOf(ref);
    at = ref.to;
  }
  return out + source.slice(at);
}

/** What an expression names, where it is one thing and no computation; else blank. */
function plainWords(source: string, scope: Scope): string {
  const text = source.trim();
  const [ref, ...more] = references(text, scope);
  return ref && more.length === 0 && ref.from === 0 && ref.to === text.length ? exprWords(text, scope) : '';
}

/** A text template with titles in place of keys. */
export function templateWords(text: Text | undefined, scope: Scope): string {
  return templateParts(textOf(text))
    .map((p) => (p.expr ? `{${exprWords(p.text, scope)}}` : p.text))
    .join('');
}

function scheduleWords(cron: string): string {
  const s = readCron(cron);
  if (s.repeat === 'cron') return t('build.rule.when_cron', { cron });
  if (s.repeat === 'hour') return t('build.rule.when_hour', { minute: s.time.slice(3) });
  if (s.repeat === 'week')
    return t('build.rule.when_week', {
      days: s.weekdays.map((d) => lookup(`build.rule.weekday_${d}`)).join(t('common.comma')),
      time: s.time,
    });
  if (s.repeat === 'month') return t('build.rule.when_month', { days: s.days.join(t('common.comma')), time: s.time });
  return t(s.repeat === 'workday' ? 'build.rule.when_workday' : 'build.rule.when_day', { time: s.time });
}

/** Words as they begin a line. */
const begin = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1);

/** A plain word within a sentence; "HTTP" stays as it is. */
const within = (words: string): string =>
  /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLocaleLowerCase() + words.slice(1) : words;

/** What sets the rule off, as a title. */
export function triggerTitle(rule: Rule, docs: Docs): string {
  return begin(triggerWords(rule, docs));
}

/** Whether the trigger is a moment ("every day at 9") rather than an event. */
const isMoment = ({ trigger }: Rule): boolean =>
  trigger.type === 'schedule' || (trigger.type === 'date' && readOffset(trigger.offset).side !== 'at');

/** Which records a schedule goes through; blank when it runs once. */
export function eachWords(rule: Rule, docs: Docs, each: string[]): string {
  if (rule.trigger.type !== 'schedule' || !rule.entity) return '';
  const name = textOf(entityOf(docs, rule.entity)?.name);
  return each.length
    ? t('build.rule.eachWhere', { name, condition: each.join(` ${t('filter.and')} `) })
    : t('build.rule.eachOf', { name });
}

/** The name of a field, of those that every record has too; blank for an unknown one. */
const fieldName = (entity: Entity | undefined, ref: string): string =>
  textOf((fieldOf(entity, ref) ?? (entity && findKey(fieldsOf(entity), ref)))?.name);

/** What sets the rule off, within a sentence. */
function triggerWords(rule: Rule, docs: Docs): string {
  const entity = entityOf(docs, rule.entity);
  const name = textOf(entity?.name) || t('build.rule.someForm');
  const { trigger } = rule;
  const fields = (trigger.fields ?? []).map((id) => fieldName(entity, id) || id).join(t('common.comma'));
  switch (trigger.type) {
    case 'schedule':
      return trigger.cron ? scheduleWords(trigger.cron) : t('build.rule.trigger_schedule');
    case 'date': {
      const field = fieldName(entity, trigger.field ?? '') || t('build.rule.someDate');
      const offset = readOffset(trigger.offset);
      if (offset.side === 'at') return t('build.rule.when_date', { name, field });
      const span = lookup(`build.rule.span_${offset.unit}`, { n: offset.n }) ?? '';
      return t(offset.side === 'before' ? 'build.rule.when_before' : 'build.rule.when_after', { name, field, span });
    }
    case 'button':
      return t('build.rule.when_button', { name, label: textOf(trigger.label) || t('build.rule.someButton') });
    case 'task_finished':
      return trigger.outcome
        ? t('build.rule.when_outcome', { name, outcome: trigger.outcome })
        : t('build.rule.when_task', { name });
    case 'webhook':
      return t('build.rule.when_webhook');
    case 'updated':
    case 'created_or_updated':
      return fields
        ? t('build.rule.when_fields', { name, fields })
        : t(trigger.type === 'updated' ? 'build.rule.when_updated' : 'build.rule.when_created_or_updated', { name });
    default:
      return t(`build.rule.when_${trigger.type}`, { name });
  }
}

/** The name of a step: its own, else that of its action. */
export function stepName(step: Step, parts: Parts): string {
  return textOf(step.name) || textOf(parts.actions.get(step.type)?.label) || step.type;
}

/** What a step does, from the options that say most. */
export function stepWords(
  step: Step,
  docs: Docs,
  parts: Parts,
  scope: Scope,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const part = parts.actions.get(step.type);
  if (!part) return '';
  const options = step.options ?? {};
  const entity = entityOf(docs, typeof options.entity === 'string' ? options.entity : undefined);
  const own = scope.record ? entityOf(docs, scope.record.id) : undefined;
  const out: string[] = [];
  for (const { name, ui, schema } of optionsOf(part.options)) {
    const value = options[name];
    if (value === undefined || value === null || value === '') continue;
    if (ui.control === 'entity') out.push(textOf(entity?.name));
    else if (ui.control === 'set' && typeof value === 'object') {
      const target = ui.entity ? entity : own;
      const names = Object.keys(value).map((k) => fieldName(target, k) || k);
      out.push(names.slice(0, 3).join(t('common.comma')) + (names.length > 3 ? '…' : ''));
    } else if (ui.control === 'text' && ui.localized) out.push(templateWords(value as Text, scope));
    else if (ui.control === 'expr' && typeof value === 'string') {
      const people = ui.people && peopleWords(value, { scope, parts, mail: ui.people === 'mail' }, names);
      out.push(people || plainWords(value, scope));
    } else if (ui.control === 'select' && schema.enum)
      out.push(textOf(ui.choices?.find((c) => c.value === value)?.label));
    else if (ui.control === 'text' && typeof value === 'string' && name !== 'as' && name !== 'kind') out.push(value);
    else if (ui.control === 'field' && typeof value === 'string') out.push(fieldName(entity ?? own, value) || value);
    if (out.length >= 3) break;
  }
  return out.filter(Boolean).slice(0, 3).join(' · ');
}

/** The name of a step within a sentence. */
function stepClause(step: Step, parts: Parts): string {
  if (textOf(step.name)) return textOf(step.name);
  return step.type === 'branch' ? t('build.rule.byCondition') : within(stepName(step, parts));
}

/** A short condition stays on one line. */
const together = (words: string): string => (words.length > 32 ? words : words.replaceAll(' ', '\u00a0'));

/** The rule as one sentence. */
export function ruleSentence(rule: Rule, docs: Docs, parts: Parts, condition: string[], each: string[]): string {
  const records = within(eachWords(rule, docs, each.map(together)));
  const moment = isMoment(rule)
    ? triggerTitle(rule, docs)
    : t('build.rule.sentenceWhen', { trigger: triggerWords(rule, docs) });
  const when = moment + (records && t('build.rule.sentenceEach', { records }));
  const only = condition.length
    ? t('build.rule.sentenceIf', { condition: condition.map(together).join(` ${t('filter.and')} `) })
    : '';
  const names = rule.steps.slice(0, 4).map((s) => stepClause(s, parts));
  const then = names.length
    ? t('build.rule.sentenceThen', { steps: names.join(t('build.andThen')) + (rule.steps.length > 4 ? '…' : '') })
    : '';
  return when + only + then;
}

/** Why a step was skipped, where the log says so. */
export function skippedBecause(step: { state: string; output?: unknown }): string | undefined {
  const reason = step.state === 'skipped' && (step.output as { reason?: string } | null | undefined)?.reason;
  return reason ? lookup(`build.run.why_${reason}`) : undefined;
}
