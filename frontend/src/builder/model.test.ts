import { expect, it } from 'vitest';
import { changedThings, type Docs } from './model';

it('counts a layout as part of its form, and what is gone as itself', () => {
  const docs = {
    ent_a: { id: 'ent_a', kind: 'entity', body: { id: 'ent_a' } },
    frm_a: { id: 'frm_a', kind: 'form', body: { id: 'frm_a', entity: 'ent_a' } },
    frm_lost: { id: 'frm_lost', kind: 'form', body: { id: 'frm_lost', entity: 'ent_gone' } },
    rul_a: { id: 'rul_a', kind: 'rule', body: { id: 'rul_a', entity: 'ent_a' } },
  } as unknown as Docs;
  expect(changedThings(new Set(['ent_a', 'frm_a']), docs)).toBe(1);
  expect(changedThings(new Set(['frm_a', 'rul_a', 'frm_lost', 'vew_deleted']), docs)).toBe(4);
  expect(changedThings(new Set(), docs)).toBe(0);
});
