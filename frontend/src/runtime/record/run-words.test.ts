import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '@/api/types';
import { loadMessages, setLocale } from '@/locales';
import { failureWords, isRetrying, runStateWords } from './run-words';

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('record');
});

describe('what became of a run', () => {
  const max = { code: 'field.number.max', path: 'price', 'zh-CN': '不能大于 1000', 'en-US': 'must be at most 1000' };

  it('says why it failed, with the name of the field', () => {
    const report = { step: 's1', problems: [max, { code: 'record.required', path: 'name', 'zh-CN': '请填写“名称”' }] };
    const names: Record<string, string> = { price: '单价', name: '名称' };
    expect(failureWords(report as never, (key) => names[key])).toBe('“单价”不能大于 1000；请填写“名称”');
    expect(failureWords(report as never)).toBe('不能大于 1000；请填写“名称”');
    expect(failureWords(null)).toBe('');
  });
  it('tells a run that will be tried again from one that waits its turn', () => {
    const run = { state: 'ready', tries: 2 } as Run;
    expect(isRetrying(run)).toBe(true);
    expect(runStateWords(run)).toBe('等待重试');
    expect(runStateWords({ state: 'ready', tries: 0 } as Run)).toBe('排队中');
    expect(runStateWords({ state: 'blocked', tries: 0 } as Run)).toBe('循环触发，已停止');
  });
});
