import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FormModel } from './model';
import { useDraft } from './use-draft';

const stored = () => localStorage.getItem('tenon.draft.order');

/** A form with a change, as far as drafts look at one. */
function dirtyForm() {
  let tell = () => {};
  const model = {
    formState: () => ({ dirty: true }),
    draft: () => ({ at: new Date().toISOString(), values: { subject: '不要了' } }),
    subscribeAny: (listener: () => void) => {
      tell = listener;
      return () => {};
    },
  } as unknown as FormModel;
  return { model, change: () => tell() };
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('what is entered is kept a moment later', () => {
  const { model, change } = dirtyForm();
  renderHook(() => useDraft(model, 'order', true));
  change();
  expect(stored()).toBeNull();
  vi.advanceTimersByTime(400);
  expect(stored()).toContain('不要了');
});

test('a form that is closed keeps what was just entered', () => {
  const { model, change } = dirtyForm();
  const { unmount } = renderHook(() => useDraft(model, 'order', true));
  change();
  unmount();
  expect(stored()).toContain('不要了');
});

test('what is given up right after it was entered does not come back', () => {
  const { model, change } = dirtyForm();
  const { result, unmount } = renderHook(() => useDraft(model, 'order', true));
  change();
  act(() => result.current.clear());
  // The panel takes a moment to close.
  vi.advanceTimersByTime(400);
  expect(stored()).toBeNull();
  unmount();
  expect(stored()).toBeNull();
});

test('what is entered after that is kept again', () => {
  const { model, change } = dirtyForm();
  const { result } = renderHook(() => useDraft(model, 'order', true));
  change();
  act(() => result.current.clear());
  change();
  vi.advanceTimersByTime(400);
  expect(stored()).toContain('不要了');
});
