import { afterEach, expect, test, vi } from 'vitest';
import type { RuntimeEntity, Widget } from '@/api/types';
import { previewData } from './preview-data';

const entity = {
  id: 'ent_1',
  key: 'deal',
  fields: [{ id: 'fld_1', key: 'amount' }],
} as unknown as RuntimeEntity;

const widget = (type: string): Widget => ({
  id: 'wid_1',
  type,
  title: type,
  x: 0,
  y: 0,
  w: 6,
  h: 7,
  config: { entity: 'ent_1', group_by: { field: 'owner' }, measure: { fn: 'sum', field: 'fld_1' } },
});

afterEach(() => vi.unstubAllGlobals());

/** The body of the question that a preview puts. */
async function asked(type: string) {
  const fetched = vi.fn(async (_url: string, _init?: RequestInit) => Response.json({ rows: [] }));
  vi.stubGlobal('fetch', fetched);
  await previewData('app_1', widget(type), 'aggregate', () => entity);
  return JSON.parse(String(fetched.mock.calls[0]?.[1]?.body));
}

test('an order whose field is still to be chosen is left out', async () => {
  const fetched = vi.fn(async (_url: string, _init?: RequestInit) => Response.json({ records: [] }));
  vi.stubGlobal('fetch', fetched);
  const list = { ...widget('list'), config: { entity: 'ent_1', sort: [{ field: 'fld_1', desc: true }, {}] } };
  await previewData('app_1', list as unknown as Widget, 'records', () => entity);
  expect(JSON.parse(String(fetched.mock.calls[0]?.[1]?.body))).toMatchObject({ sort: '-amount' });
});

test('the preview of a ranking has the highest first, like the ranking', async () => {
  expect(await asked('ranking')).toMatchObject({ order: '-m0', limit: 10 });
  expect(await asked('funnel')).not.toHaveProperty('order');
});
