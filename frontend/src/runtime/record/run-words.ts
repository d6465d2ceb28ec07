// What became of a run of a rule, in words.
import type { Json, Run } from '@/api/types';
import { lookup, t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';

interface Problem {
  path?: string;
  code?: string;
  message?: string;
}

/** Why a run, or a step of one, failed; the name of a field stands before what is wrong with it. */
export function failureWords(error: Json | undefined, nameOf?: (key: string) => string | undefined): string {
  if (!error) return '';
  if (typeof error === 'string') return error;
  if (!Array.isArray(error) && typeof error === 'object' && Array.isArray(error.problems))
    return failureWords(error.problems, nameOf);
  return (Array.isArray(error) ? error : [error])
    .map((one) => {
      const problem = one as Problem;
      const words = textOf(one as never) || problem.message || problem.code || '';
      const name = problem.path && nameOf?.(problem.path);
      return name && !words.includes(name) ? t('record.fieldProblem', { name, words }) : words;
    })
    .filter(Boolean)
    .join(t('record.problemsJoin'));
}

/** A run that failed in passing and will be tried again. */
export const isRetrying = (run: Run): boolean => run.tries > 0 && ['ready', 'queued'].includes(run.state);

export function runStateWords(run: Run): string {
  return isRetrying(run)
    ? t('record.runState.retrying')
    : (lookup(`record.runState.${run.state === 'ready' ? 'queued' : run.state}`) ?? run.state);
}

/** When a run that failed in passing is tried again. */
export function retryWords(run: Run): string {
  return isRetrying(run) ? t('record.runRetry', { n: run.tries, time: formatDateTime(run.run_at, 'second') }) : '';
}
