import { beforeEach, describe, expect, test } from 'vitest';
import { around, fill, loadMessages, locale, lookup, setLocale, t } from '.';
import { inSentence, textOf, withText } from './text';

beforeEach(() => setLocale('zh-CN'));

describe('texts', () => {
  test('follow the language', async () => {
    expect(t('common.save')).toBe('保存');
    await setLocale('en-US');
    expect(locale()).toBe('en-US');
    expect(t('common.save')).toBe('Save');
    expect(document.documentElement.lang).toBe('en-US');
  });

  test('are those of the last language that was asked for', async () => {
    const first = setLocale('en-US');
    await Promise.all([first, setLocale('zh-CN')]);
    expect(locale()).toBe('zh-CN');
    expect(t('common.save')).toBe('保存');
  });

  test('agree with a number in English', async () => {
    await setLocale('en-US');
    expect(t('home.draftChanges', { n: 1 })).toBe('1 unpublished change');
    expect(t('home.draftChanges', { n: 1200 })).toBe('1,200 unpublished changes');
    expect(t('home.overdue', { n: 0 })).toBe('0 days overdue');
  });

  test('write a name small within an English sentence, unless its capitals are its own', async () => {
    expect(inSentence('Customer')).toBe('Customer');
    await setLocale('en-US');
    expect(inSentence('Customer')).toBe('customer');
    expect(inSentence('Sales order')).toBe('sales order');
    expect(inSentence('IT ticket')).toBe('IT ticket');
    expect(inSentence('Purchase Order')).toBe('Purchase Order');
    expect(inSentence('客户')).toBe('客户');
  });

  test('keep a parameter that nobody gave', () => {
    expect(fill('{a} and {b}', { a: 'x' })).toBe('x and {b}');
  });

  test('do not read braces in values', () => {
    expect(fill('{a}{b}', { a: '{b}', b: 'c' })).toBe('{b}c');
  });

  test('of another area are there after loading', async () => {
    await loadMessages('record');
    expect(lookup('share.enter')).toBe('进入');
    await setLocale('en-US');
    expect(lookup('share.enter')).toBe('Continue');
  });

  test('fall apart around their parameters', () => {
    expect(around('auth.joinTitle')).toEqual([
      { name: null, text: '加入「' },
      { name: 'workspace', text: '' },
      { name: null, text: '」' },
    ]);
  });
});

describe('a definition text', () => {
  test('falls back to the other language', () => {
    expect(textOf({ 'zh-CN': '客户' }, 'en-US')).toBe('客户');
    expect(textOf({ 'en-US': 'Customer' }, 'zh-CN')).toBe('Customer');
    expect(textOf('客户', 'en-US')).toBe('客户');
    expect(textOf(undefined)).toBe('');
  });

  test('keeps the other language when one changes', () => {
    expect(withText('客户', 'Customer', 'en-US')).toEqual({ 'zh-CN': '客户', 'en-US': 'Customer' });
    expect(withText({ 'zh-CN': '客户', 'en-US': 'Customer' }, '顾客', 'zh-CN')).toEqual({
      'zh-CN': '顾客',
      'en-US': 'Customer',
    });
    expect(withText({ 'zh-CN': 'CRM', 'en-US': 'X' }, 'CRM', 'en-US')).toBe('CRM');
    expect(withText(undefined, 'CRM', 'en-US')).toBe('CRM');
  });
});
