import { describe, expect, it } from 'vitest';
import type { Step } from '@/api/types';
import { readCron, readOffset, writeCron, writeOffset } from './schedule';
import { duplicateStep, eachStep, findStep, freshStepId, moveStep, nudgeStep, removeStep } from './steps';

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
