import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportColumn, Mapping, RuntimeEntity } from '@/api/types';
import {
  draftOf,
  faultOf,
  lackingColumns,
  mappingOf,
  missing,
  modeOf,
  partsOf,
  proposed,
  readMapping,
  type Source,
  samplesOf,
  type Table,
  textOfRow,
  unusedColumns,
} from './mapping';

const field = (key: string, required = false) => ({
  id: `f_${key}`,
  key,
  name: key,
  type: 'text',
  kind: 'text',
  traits: {},
  readable: true,
  writable: true,
  required,
});
const entity: RuntimeEntity = {
  id: 'e',
  key: 'customer',
  name: 'Customer',
  title: '',
  ops: [],
  fields: [field('name', true), field('phone')],
};
const column = (name: string, key: string, guess?: string): ImportColumn => ({
  name,
  key,
  samples: [],
  filled: 0,
  distinct: 0,
  guess: guess ? { field: guess } : {},
});
const table: Table = {
  columns: [column('Name', 'name', 'name'), column('Company', 'company', 'name'), column('Tel', 'tel')],
  preview: [
    ['Ann', 'Acme', '1'],
    ['Bob', '', ''],
    ['', '', '3'],
  ],
  mapping: { entity: 'customer', columns: [{ field: 'phone', column: 'Tel', on_blank: 'clear' }] },
};
const source = (more: Partial<Source>): Source => ({ field: 'name', values: [], ...more });

const shipped = resolve('../templates');
const files = readdirSync(shipped, { recursive: true, encoding: 'utf8' })
  .filter((name) => /^[^/]+\/imports\/[^/]+\.json$/.test(name))
  .map((name) => join(shipped, name));

test.each(files.map((f) => [basename(f), f] as const))('%s comes back as it was', (_name, file) => {
  const text = readFileSync(file, 'utf8');
  const { key, name, help, examples, ...mapping } = JSON.parse(text);
  const read = readMapping(text);
  expect(read?.unknown).toEqual([]);
  expect(read?.about).toEqual({ key, name, help, examples });
  expect(mappingOf(draftOf(read?.mapping as Mapping), mapping.entity)).toEqual(mapping);
});

test('the template ships mappings', () => expect(files.length).toBeGreaterThan(4));

test('everything that a mapping can say comes back', () => {
  const mapping: Mapping = {
    entity: 'customer',
    mode: 'update',
    match: ['name'],
    filter: 'type == "1"',
    rows: { Status: '' },
    columns: [
      { field: 'name', text: '{Name} · {Company}', values: { x: '', '': 'y' }, on_blank: 'skip' },
      { field: 'phone', blank: '0', find: ['name', 'email'], create: true, factor: 0.5 },
      { field: 'gone', on_blank: 'clear' },
    ],
    rules: true,
  };
  expect(mappingOf(draftOf(mapping), 'customer')).toEqual(mapping);
});

test('what the server proposed stays, and a field takes one column', () => {
  expect(mappingOf(proposed(table), 'customer').columns).toEqual([
    { field: 'phone', column: 'Tel', on_blank: 'clear' },
    { field: 'name', column: 'Name' },
  ]);
});

test('what was added but not filled in is left out', () => {
  const draft = { ...draftOf({}), rows: [['', 'x']] as [string, string][], columns: [source({ values: [['', '']] })] };
  expect(mappingOf(draft, 'customer')).toEqual({ entity: 'customer', columns: [] });
});

test('a file that is no mapping is refused, words that nobody knows are named', () => {
  for (const text of [
    '',
    '[]',
    '{}',
    '{"columns":[{}]}',
    '{"columns":[{"field":"a","find":"b"}]}',
    '{"columns":[],"mode":"x"}',
  ])
    expect(readMapping(text)).toBeNull();
  expect(readMapping('{"columns":[{"field":"a"},{"field":"a"}]}')).toBeNull();
  const read = readMapping('{"columns":[{"field":"a","colour":"red"}],"speed":1}');
  expect(read?.unknown).toEqual(['speed', 'colour']);
  expect(read?.mapping).toEqual({ columns: [{ field: 'a' }] });
});

test('required fields are missed unless records are only updated', () => {
  const phone = draftOf({ columns: [{ field: 'phone', column: 'Tel' }] });
  expect(missing(entity, phone).map((f) => f.key)).toEqual(['name']);
  expect(missing(entity, { ...phone, mode: 'update' })).toEqual([]);
  expect(missing(entity, draftOf({ columns: [{ field: 'name', text: 'x' }] }))).toEqual([]);
  expect(modeOf(draftOf({ match: ['name'] }))).toBe('upsert');
});

test('a text is made of constants and columns', () => {
  expect(partsOf('a {{b}} { Name }')).toEqual([{ text: 'a {b} ' }, { column: 'Name' }]);
  expect(partsOf('{Name')).toBeNull();
  expect(partsOf('Name}')).toBeNull();
  expect(faultOf(source({ text: 'Lead {No}' }), table.columns)).toEqual({ kind: 'column', name: 'No' });
  expect(faultOf(source({ text: 'Lead {' }), table.columns)).toEqual({ kind: 'text' });
  expect(faultOf(source({ text: 'Lead {tel}' }), table.columns)).toBeNull();
  expect(faultOf(source({ column: 'tel' }), table.columns)).toBeNull();
});

test('samples are what the server would make', () => {
  const pair = source({ text: '{Name} · {Company}' });
  expect(samplesOf(pair, table)).toEqual(['Ann · Acme', 'Bob']);
  expect(textOfRow({ ...pair, blank: 'nobody' }, table.columns, ['', '', '3'])).toBe('nobody');
  expect(
    samplesOf(
      source({
        column: 'NAME',
        values: [
          ['ann', 'A'],
          ['Bob', ''],
        ],
      }),
      table,
    ),
  ).toEqual(['A']);
  expect(samplesOf(source({ text: '中国' }), table)).toEqual(['中国']);
});

test('columns that are lacking and that nothing takes are told', () => {
  const mapping: Mapping = { rows: { Type: '1' }, columns: [{ field: 'name', text: '{Name} {First}' }] };
  expect(lackingColumns(table.columns, mapping)).toEqual(['Type', 'First']);
  expect(unusedColumns(draftOf(mapping), table.columns).map((c) => c.name)).toEqual(['Company', 'Tel']);
});
