import { expect, test } from 'vitest';
import { stagesOf } from './stages';

test('stages stand in their order and say how many go on', () => {
  const stages = stagesOf(
    [
      { g0: 'won', m0: 5 },
      { g0: 'new', m0: 20 },
      { g0: 'lost', m0: 99 },
    ],
    'g0',
    'm0',
    ['new', 'offer', 'won'],
  );
  expect(stages).toEqual([
    { key: 'new', value: 20, width: 1, passed: null },
    { key: 'offer', value: 0, width: 0, passed: 0 },
    { key: 'won', value: 5, width: 0.25, passed: null },
  ]);
});
