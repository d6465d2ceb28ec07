// The lines of a run's log as people read them.
import type { Json, Rule, RunStep, Runtime, RuntimeEntity, Step } from '@/api/types';
import { lookup, t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { Seen } from '@/runtime/filter';
import { type Docs, entityOf, fieldOf } from '../model';
import { eachStep } from './steps';

/** The step that a line is about: s2 of "s1[3].s2". */
export const stepId = (path: string): string => /(?:^|\.)([^.[\]]+)(?:\[[^\]]*\])?$/.exec(path)?.[1] ?? path;

/** Lines in the order of events; those of one moment in the order of the rule. */
export function inOrder(rule: Pick<Rule, 'steps'>, lines: RunStep[]): RunStep[] {
  const order = new Map([...eachStep(rule.steps)].map(({ step }, i) => [step.id, i + 1]));
  const rank = (line: RunStep) => order.get(stepId(line.id)) ?? (line.id === 'guard' ? 0 : Number.MAX_SAFE_INTEGER);
  return [...lines].sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at) || rank(a) - rank(b));
}

/** What a step came to, given whether its run may still go on, or waits to be tried again. */
export function stepState(state: string, live: boolean, retrying = false): string {
  if (state === 'intent') return live ? (retrying ? 'retrying' : 'running') : 'unfinished';
  return state === 'waiting' && !live ? 'unfinished' : state;
}

/** Whether steps before the failed one were taken back with it: they have left no line. */
export function undoneBefore(rule: Pick<Rule, 'steps'>, lines: RunStep[]): boolean {
  const failed = lines.find((l) => l.state === 'failed');
  const top =
    failed &&
    rule.steps.findIndex(
      (s) => failed.id === s.id || failed.id.startsWith(`${s.id}.`) || failed.id.startsWith(`${s.id}[`),
    );
  if (!top || top < 0) return false;
  return rule.steps.slice(0, top).some((s) => !lines.some((l) => l.id === s.id));
}

const objectOf = (value: Json | undefined): { [key: string]: Json } | undefined =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;

/** What a step looked at and would have written. */
export function triedOf(noted: Json | undefined): { seen: Seen[] | null; values: [string, Json][] } {
  const note = objectOf(noted);
  const seen = note?.condition;
  return {
    seen: Array.isArray(seen) && seen.length > 0 ? (seen as unknown as Seen[]) : null,
    values: Object.entries(objectOf(note?.values) ?? {}),
  };
}

const refOf = (rule: Pick<Rule, 'entity'>, step: Step | undefined): string | undefined => {
  const of = step?.options?.entity;
  if (typeof of === 'string') return of;
  // A linked or found record may be of any form.
  return step?.type === 'update_record' && step.options?.record !== 'record' ? undefined : rule.entity;
};

/** The form whose records a step writes, where the step says it. */
export function targetOf(
  runtime: Runtime,
  rule: Pick<Rule, 'entity'>,
  step: Step | undefined,
): RuntimeEntity | undefined {
  const ref = refOf(rule, step);
  return runtime.entities.find((e) => e.id === ref || e.key === ref);
}

/** Names of the fields that a step writes, by key. */
export function fieldNames(
  docs: Docs,
  rule: Pick<Rule, 'entity'>,
  step: Step | undefined,
): (key: string) => string | undefined {
  const target = entityOf(docs, refOf(rule, step));
  return (key) => textOf(fieldOf(target, key)?.name) || undefined;
}

/** What a step did, where its log says so in a known way. */
export function outcomeWords(line: RunStep, docs: Docs, rule: Pick<Rule, 'entity'>): string | undefined {
  const call = objectOf(line.input);
  if (typeof call?.method === 'string' && typeof call.url === 'string') return `${call.method} ${call.url}`;
  const out = objectOf(line.output);
  if (!out || line.state === 'failed') return undefined;
  if (typeof out.op === 'string') {
    const name = textOf(entityOf(docs, typeof out.entity === 'string' ? out.entity : rule.entity)?.name);
    return lookup(`build.run.did_${out.op}`, { name });
  }
  if (typeof out.count === 'number') return t('build.run.didCount', { n: out.count });
  if (typeof out.status === 'number') return t('build.run.didCall', { status: out.status });
  if (typeof out.condition === 'boolean') return t(out.condition ? 'build.try.true' : 'build.try.false');
  if (typeof out.ended === 'string') return lookup(`build.run.ended_${out.ended.replace(' ', '_')}`);
  return typeof out.until === 'string'
    ? t('build.run.until', { time: formatDateTime(out.until, 'second') })
    : undefined;
}

/** The end of a path of rules that shows the circle: A → B → A; all of it where there is none. */
export function circle(path: string[]): string[] {
  const from = path.lastIndexOf(path.at(-1) ?? '', -2);
  return from < 0 ? path : path.slice(from);
}
