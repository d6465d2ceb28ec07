// What people type and paste, read as each type reads it.
import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeField } from '@/api/types';
import { loadMessages, setLocale } from '@/locales';
import { setTimeZone } from '@/locales/format';
import { splitAddress } from './address/values';
import { quickDays, readDate, readDateTime, readTime } from './dates';
import type { FieldContext } from './define';
import { accepted, refusal } from './files';
import { fillPatch } from './fill';
import { fieldOf } from './index';
import { htmlWords, safeHtml } from './safe-html';
import { isBlock, parseTsv, toTsv } from './tsv';

const field = (type: string, extra: Partial<RuntimeField> = {}): RuntimeField => ({
  id: `fld_${type}`,
  key: type,
  name: type,
  type,
  kind: 'text',
  traits: {},
  readable: true,
  writable: true,
  ...extra,
});
const ctx: FieldContext = {
  names: { m1: '林晓', m2: '周然', m3: '周然' },
  locale: 'zh-CN',
  zone: 'Asia/Shanghai',
  app: null,
};
const read = (type: string, text: string, options: RuntimeField['options'] = {}) => {
  const f = field(type, { options });
  return fieldOf(type).parseText?.(text, f, ctx);
};
const shown = (type: string, value: unknown, options: RuntimeField['options'] = {}) =>
  fieldOf(type).format(value, field(type, { options }), ctx);

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('record');
  setTimeZone('Asia/Shanghai');
});

describe('numbers', () => {
  it.each([
    ['１２３', 123],
    ['1,234.50', 1234.5],
    ['12 kg', 12],
    ['', null],
    ['十二', undefined],
    ['3万', 30000],
  ])('reads %s', (text, value) => {
    expect(read('number', text, { unit: 'kg' })).toBe(value);
  });

  it('keeps more than fifteen digits as text', () => {
    expect(read('number', '12345678901234567890', { precision: 20 })).toBe('12345678901234567890');
  });

  it('reads money with its sign and percent with or without', () => {
    expect(read('money', '￥1,200.5')).toBe(1200.5);
    expect(read('percent', '25')).toBe(0.25);
    expect(read('percent', '25%')).toBe(0.25);
  });

  it('shows units, thousands and places', () => {
    expect(shown('number', 1234.5, { scale: 2, thousands: true, unit: { 'zh-CN': '公斤', 'en-US': 'kg' } })).toBe(
      '1,234.50公斤',
    );
    expect(shown('money', 1234.5)).toBe('¥1,234.50');
    expect(shown('percent', 0.256, { scale: 1 })).toBe('25.6%');
    expect(shown('number', null)).toBe('');
  });
});

describe('dates', () => {
  it.each([
    ['2026-11-25', '2026-11-25'],
    ['20261125', '2026-11-25'],
    ['2026年11月5日', '2026-11-05'],
    ['２０２６／１１／２５', '2026-11-25'],
    ['11/25', '2026-11-25'],
    ['Nov 25, 2026', '2026-11-25'],
    ['明天', '2026-11-23'],
    ['+3', '2026-11-25'],
    ['2026-02-30', undefined],
    ['soon', undefined],
  ])('reads %s', (text, day) => {
    expect(readDate(text, '2026-11-22')).toBe(day);
  });

  it.each([
    ['9:30', '09:30:00'],
    ['9点半', '09:30:00'],
    ['下午3点05分', '15:05:00'],
    ['3:05pm', '15:05:00'],
    ['25:00', undefined],
  ])('reads the time %s', (text, time) => {
    expect(readTime(text)).toBe(time);
  });

  it.each([
    ['2026-11-22 09:30', '2026-11-22T01:30:00Z'],
    ['2026年11月22日 下午3点05分', '2026-11-22T07:05:00Z'],
    ['2026-11-22', '2026-11-21T16:00:00Z'],
    ['2026-11-22T09:30:00Z', '2026-11-22T09:30:00Z'],
    ['15:00', '2026-11-22T07:00:00Z'],
    ['later', undefined],
  ])('reads the moment %s', (text, at) => {
    expect(readDateTime(text, '2026-11-22', 'Asia/Shanghai')).toBe(at);
  });
});

describe('choices', () => {
  const options = {
    choices: [
      { key: 'won', label: { 'zh-CN': '赢单', 'en-US': 'Won' }, aliases: ['成交'] },
      { key: 'lost', label: { 'zh-CN': '丢单', 'en-US': 'Lost' } },
    ],
  } as unknown as RuntimeField['options'];
  it('reads keys, labels of both languages and aliases', () => {
    expect(read('select', ' 赢单 ', options)).toBe('won');
    expect(read('select', 'WON', options)).toBe('won');
    expect(read('select', '成交', options)).toBe('won');
    expect(read('select', '其他', options)).toBeUndefined();
    expect(read('multi_select', '赢单、Lost', options)).toEqual(['won', 'lost']);
    expect(read('tags', '赢单，新词', options)).toEqual(['won', '新词']);
  });
});

describe('people', () => {
  it('reads a name that one person has, and refuses a name that two have', () => {
    expect(read('member', '林晓')).toBe('m1');
    expect(read('member', '@林晓')).toBe('m1');
    expect(read('member', '周然')).toBeUndefined();
    expect(read('members', '林晓、周然')).toBeUndefined();
  });
});

describe('other types', () => {
  it('reads yes and no', () => {
    expect(read('boolean', '是')).toBe(true);
    expect(read('boolean', 'N')).toBe(false);
    expect(read('boolean', '？')).toBeUndefined();
  });

  it('tidies telephone numbers', () => {
    expect(read('phone', '+86 138-0013 8000')).toBe('13800138000');
    expect(shown('phone', '13800138000')).toBe('138 0013 8000');
  });

  it('reads places and scores', () => {
    expect(read('location', '120.15，30.28')).toEqual({ lng: 120.15, lat: 30.28 });
    expect(read('location', '200,0')).toBeUndefined();
    expect(read('rating', '★★★☆☆')).toBe(3);
    expect(read('rating', '6')).toBeUndefined();
  });

  it('makes paragraphs of pasted lines without letting markup in', () => {
    expect(read('rich_text', 'a < b\nc')).toBe('<p>a &lt; b</p><p>c</p>');
  });
});

describe('addresses', () => {
  const regions = [
    ['北京市', { 北京市: '东城区 朝阳区' }],
    ['浙江省', { 杭州市: '上城区 西湖区', 宁波市: '海曙区' }],
  ] as Parameters<typeof splitAddress>[1];
  it('are split where they begin with a known place', () => {
    expect(splitAddress('浙江省杭州市西湖区文三路 1 号', regions)).toEqual({
      province: '浙江省',
      city: '杭州市',
      district: '西湖区',
      street: '文三路1号',
    });
    expect(splitAddress('北京朝阳区望京街道', regions)).toEqual({
      province: '北京市',
      city: '北京市',
      district: '朝阳区',
      street: '望京街道',
    });
    expect(splitAddress('火星基地', regions)).toBeNull();
  });
});

describe('copied cells', () => {
  it('round-trip, with quotes, tabs and lines inside', () => {
    const rows = [
      ['a', 'b "c"', 'd\te'],
      ['1', '', 'two\nlines'],
    ];
    expect(parseTsv(toTsv(rows))).toEqual(rows);
  });
  it('are told from words', () => {
    expect(isBlock('a\tb')).toBe(true);
    expect(isBlock('a\r\nb\r\n')).toBe(true);
    expect(isBlock('one line\n')).toBe(false);
  });
});

describe('rich text', () => {
  it('is shown without anything that runs', () => {
    const html = safeHtml(
      '<p onclick="x()">a<script>alert(1)</script><a href="javascript:x()">b</a><img src="https://x/y.png"><b>c</b></p>',
    );
    expect(html).not.toMatch(/onclick|script|https:\/\/x/);
    expect(html).toContain('<b>c</b>');
  });
  it('has words', () => {
    expect(htmlWords('<p>一</p><p>二 &lt; 三</p>')).toBe('一 二 < 三');
  });
});

describe('files', () => {
  const file = (name: string, type: string, size: number) => ({ name, type, size }) as File;
  it('are limited by type and size', () => {
    expect(accepted(file('a.PDF', '', 1), ['.pdf'])).toBe(true);
    expect(accepted(file('a.png', 'image/png', 1), ['image/*'])).toBe(true);
    expect(accepted(file('a.exe', 'application/x', 1), ['.pdf', 'image/*'])).toBe(false);
    expect(refusal(file('a.pdf', '', 11), { accept: [], maxCount: 1, maxSize: 10 })).toContain('a.pdf');
    expect(refusal(file('a.pdf', '', 9), { accept: [], maxCount: 1, maxSize: 10 })).toBeUndefined();
  });
});

describe('fill rules', () => {
  const column = (key: string) => field('text', { id: `fld_${key}`, key });
  const link = field('link', {
    options: {
      fill: [
        { from: 'fld_phone', to: 'fld_tel' },
        { from: 'fld_secret', to: 'fld_name' },
        { from: 'fld_lines', to: 'fld_items', rows: { fld_product: 'fld_what' } },
      ],
    },
  });
  const from = [
    column('phone'),
    column('secret'),
    field('subform', { id: 'fld_lines', key: 'lines', fields: [column('product'), column('note')] }),
  ];
  const to = [
    column('tel'),
    { ...column('name'), writable: false },
    field('subform', { id: 'fld_items', key: 'items', fields: [column('what')] }),
  ];
  it('copy fields and rows, never to what may not be written', () => {
    const patch = fillPatch(
      link,
      { id: 'r', rev: 1, phone: '1', secret: 'x', lines: [{ id: 'l1', product: 'p', note: 'n' }] },
      from,
      to,
    );
    expect(patch.tel).toBe('1');
    expect(patch).not.toHaveProperty('name');
    const rows = patch.items as Record<string, unknown>[];
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ what: 'p' });
    expect(rows[0]).not.toHaveProperty('id');
  });
  it('leave everything when the link is taken away', () => {
    expect(fillPatch(link, null, from, to)).toEqual({});
  });
});

describe('quick days', () => {
  const days = (picks: unknown, today: string) => quickDays(picks, today).map((one) => `${one.key} ${one.day}`);
  it('offer days ahead, each once', () => {
    // A Sunday: tomorrow is next Monday.
    expect(days('ahead', '2026-11-22')).toEqual(['tomorrow 2026-11-23', 'inTwoDays 2026-11-24', 'inAWeek 2026-11-29']);
    expect(days('ahead', '2026-11-25')).toEqual([
      'tomorrow 2026-11-26',
      'inTwoDays 2026-11-27',
      'nextMonday 2026-11-30',
      'inAWeek 2026-12-02',
    ]);
    // A Monday: the next one is a week away.
    expect(days('ahead', '2026-11-23')).toEqual([
      'tomorrow 2026-11-24',
      'inTwoDays 2026-11-25',
      'nextMonday 2026-11-30',
    ]);
  });
  it('offer days that are over, or none', () => {
    expect(days('back', '2026-03-01')).toEqual(['today 2026-03-01', 'yesterday 2026-02-28']);
    expect(days(undefined, '2026-03-01')).toEqual([]);
  });
});
