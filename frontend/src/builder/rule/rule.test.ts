import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Entity, Rule, RunStep, Step } from '@/api/types';
import { loadMessages, setLocale } from '@/locales';
import type { Doc, Docs } from '../model';
import { partsOf } from '../parts';
import { ruleScope } from '../usage';
import { circle, inOrder, stepId, stepState, triedOf, undoneBefore } from './run-lines';
import { readCron, readOffset, writeCron, writeOffset } from './schedule';
import { duplicateStep, eachStep, findStep, freshStepId, moveStep, nudgeStep, removeStep } from './steps';
import { eachWords, ruleSentence, stepWords, triggerTitle } from './words';

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('build');
});

const steps: Step[] = [
  { id: 's1', type: 'set_fields' },
  { id: 's2', type: 'branch', steps: [{ id: 's3', type: 'notify' }], else: [{ id: 's4', type: 'stop' }] },
  { id: 's5', type: 'loop', steps: [] },
];
const show = (list: Step[]): string =>
  list
    .map((s) =>
      s.type === 'branch'
        ? `${s.id}(${show(s.steps ?? [])}|${show(s.else ?? [])})`
        : s.type === 'loop'
          ? `${s.id}(${show(s.steps ?? [])})`
          : s.id,
    )
    .join(' ');

describe('steps', () => {
  it('move between branches but not into themselves', () => {
    expect(show(moveStep(steps, 's1', { owner: 's2', branch: 'else', index: 1 }))).toBe('s2(s3|s4 s1) s5()');
    expect(show(moveStep(steps, 's3', { owner: null, branch: 'steps', index: 0 }))).toBe('s3 s1 s2(|s4) s5()');
    expect(moveStep(steps, 's2', { owner: 's2', branch: 'steps', index: 0 })).toBe(steps);
    expect(show(moveStep(steps, 's1', { owner: null, branch: 'steps', index: 3 }))).toBe('s2(s3|s4) s5() s1');
  });

  it('walk by the keyboard through every place', () => {
    let now = steps;
    const seen: string[] = [];
    for (let i = 0; i < 7; i++) {
      now = nudgeStep(now, 's1', 1);
      seen.push(show(now));
    }
    expect(seen).toEqual([
      's2(s1 s3|s4) s5()',
      's2(s3 s1|s4) s5()',
      's2(s3|s1 s4) s5()',
      's2(s3|s4 s1) s5()',
      's2(s3|s4) s1 s5()',
      's2(s3|s4) s5(s1)',
      's2(s3|s4) s5() s1',
    ]);
    for (let i = 0; i < 7; i++) now = nudgeStep(now, 's1', -1);
    expect(show(now)).toBe(show(steps));
  });

  it('copies get ids of their own, also inside', () => {
    const made = duplicateStep(steps, 's2');
    expect(show(made.steps)).toBe('s1 s2(s3|s4) s6(s7|s8) s5()');
    expect(new Set([...eachStep(made.steps)].map(({ step }) => step.id)).size).toBe(8);
    expect(freshStepId(made.steps)).toBe('s9');
  });

  it('are removed with what is inside them', () => {
    expect(show(removeStep(steps, 's2'))).toBe('s1 s5()');
    expect(findStep(steps, 's4')?.slot).toEqual({ owner: 's2', branch: 'else', index: 0 });
  });
});

describe('schedules', () => {
  it('are read and written alike', () => {
    for (const cron of ['0 9 * * *', '30 8 * * 1-5', '0 18 * * 1,3', '15 * * * *', '0 10 1,15 * *'])
      expect(writeCron(readCron(cron))).toBe(cron);
    expect(readCron('*/5 * * * *').repeat).toBe('cron');
    expect(readCron('0 9 * 1 *').repeat).toBe('cron');
    expect(readCron('0 9 * * 7').weekdays).toEqual([0]);
  });

  it('offsets have a side', () => {
    expect(readOffset('-3d')).toEqual({ n: 3, unit: 'd', side: 'before' });
    expect(readOffset('0m').side).toBe('at');
    expect(writeOffset(readOffset('+2h'))).toBe('+2h');
    expect(writeOffset({ n: 3, unit: 'd', side: 'before' })).toBe('-3d');
  });
});

describe('words', () => {
  const customer: Entity = {
    id: 'ent_customer',
    key: 'customer',
    name: '客户',
    title: '',
    fields: [
      { id: 'fld_stage', key: 'stage', name: '生命周期', type: 'text' },
      { id: 'fld_visit', key: 'visit', name: '上门时间', type: 'datetime' },
    ],
  };
  const docs: Docs = { [customer.id]: { id: customer.id, kind: 'entity', body: customer } as Doc };
  const option = (control: string, order: number) => ({
    type: 'string',
    'x-ui': { control, label: '', order },
  });
  const action = (name: string, label: string, properties: object) => ({
    name,
    label,
    group: '',
    icon: 'x',
    options: { type: 'object', properties },
  });
  const parts = partsOf({
    fields: [],
    widgets: [],
    charts: [],
    functions: [],
    actions: [
      action('branch', '条件分支', {}),
      action('set_fields', '修改本记录', {}),
      action('create_task', '创建待办', {
        title: option('text', 1),
        due: option('expr', 2),
        record: option('expr', 3),
      }),
    ],
  } as never);
  const rule = (trigger: Rule['trigger'], steps: Step[] = []): Rule => ({
    id: 'rul_a',
    key: 'a',
    name: 'A',
    entity: customer.id,
    trigger,
    steps,
  });

  afterEach(() => setLocale('zh-CN'));

  it('titles begin like titles, schedules by their time', async () => {
    const before: Rule['trigger'] = { type: 'date', field: 'fld_visit', offset: '-1d' };
    expect(triggerTitle(rule(before), docs)).toBe('客户的上门时间前 1 天');
    await setLocale('en-US');
    await loadMessages('build');
    expect(triggerTitle(rule(before), docs)).toBe('1 day before 上门时间 of 客户');
    expect(triggerTitle(rule({ type: 'schedule', cron: '0 1 * * *' }), docs)).toBe('Every day at 01:00');
    expect(triggerTitle(rule({ type: 'computed' }), docs)).toBe('A computed field of 客户 changes');
  });

  it('a trigger names the fields that every record has', () => {
    expect(triggerTitle(rule({ type: 'updated', fields: ['owner', 'fld_visit'] }), docs)).toBe(
      '客户的负责人、上门时间变化',
    );
  });

  it('the sentence says when, which records, and what follows', () => {
    const daily = rule({ type: 'schedule', cron: '0 1 * * *', each: 'stage == "sleep"' }, [
      { id: 's1', type: 'set_fields' },
      { id: 's2', type: 'branch', steps: [], else: [] },
    ]);
    expect(ruleSentence(daily, docs, parts, [], ['生命周期 是 沉睡'])).toBe(
      '每天 01:00，逐条处理生命周期\u00a0是\u00a0沉睡 的客户，就修改本记录，然后按条件分支。',
    );
    expect(eachWords(daily, docs, [])).toBe('逐条处理客户');
    expect(eachWords({ ...daily, entity: undefined }, docs, [])).toBe('');
    expect(ruleSentence(rule({ type: 'created' }), docs, parts, ['上门时间 不为空'], [])).toBe(
      '当新增客户时，如果上门时间\u00a0不为空',
    );
  });

  it('a step names fields and leaves computations out', () => {
    const scope = ruleScope(docs, rule({ type: 'created' }), parts);
    const step = (options: Step['options']): Step => ({ id: 's1', type: 'create_task', options });
    expect(stepWords(step({ title: '确认', due: 'add_workdays(now(), 1)' }), docs, parts, scope)).toBe('确认');
    expect(stepWords(step({ title: '确认', due: 'record.visit' }), docs, parts, scope)).toBe('确认 · 上门时间');
  });
});

describe('the log of a run', () => {
  const line = (id: string, state = 'done', more: Partial<RunStep> = {}): RunStep => ({
    id,
    type: 'set_fields',
    state,
    attempt: 1,
    input: null,
    output: null,
    error: null,
    started_at: '2026-11-23T01:00:00Z',
    finished_at: null,
    ...more,
  });
  const ten: Step[] = Array.from({ length: 10 }, (_, i) => ({ id: `s${i + 1}`, type: 'set_fields' }));

  it('names the step of a line, in loops too', () => {
    expect(['s1', 's1[01a2-3b].s2', 's1.s3', 'guard'].map(stepId)).toEqual(['s1', 's2', 's3', 'guard']);
  });
  it('keeps the order of the rule within one moment', () => {
    const lines = [line('s10'), line('s2'), line('s1', 'done', { started_at: '2026-11-23T00:59:00Z' }), line('guard')];
    expect(inOrder({ steps: ten }, lines).map((l) => l.id)).toEqual(['s1', 'guard', 's2', 's10']);
  });
  it('does not wait any more once the run has ended', () => {
    expect([stepState('waiting', true), stepState('waiting', false), stepState('intent', false)]).toEqual([
      'waiting',
      'unfinished',
      'unfinished',
    ]);
    expect([stepState('intent', true), stepState('intent', true, true)]).toEqual(['running', 'retrying']);
  });
  it('says when steps were undone with the one that failed', () => {
    expect(undoneBefore({ steps: ten }, [line('s2', 'failed')])).toBe(true);
    expect(undoneBefore({ steps: ten }, [line('s1'), line('s2', 'failed')])).toBe(false);
    expect(undoneBefore({ steps: ten }, [line('guard', 'failed')])).toBe(false);
  });
  it('shows the circle at the end of a path', () => {
    expect(circle(['X', 'A', 'B', 'A', 'B'])).toEqual(['B', 'A', 'B']);
    expect(circle(['A', 'A'])).toEqual(['A', 'A']);
    expect(circle(['A', 'B'])).toEqual(['A', 'B']);
  });
  it('finds values and parts of formulas in what a step noted', () => {
    expect(triedOf({ values: { total: 500 }, condition: [{ text: 'qty', value: 0 }] })).toEqual({
      values: [['total', 500]],
      seen: [{ text: 'qty', value: 0 }],
    });
    expect(triedOf({ condition: true })).toEqual({ values: [], seen: null });
  });
});
