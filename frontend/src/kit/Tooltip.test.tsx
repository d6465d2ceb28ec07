import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IconButton } from './IconButton';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test('words appear beside a control after a moment, and describe it', () => {
  render(<IconButton icon="plus" label="Add a row" />);
  const button = screen.getByRole('button');
  fireEvent.pointerEnter(button, { pointerType: 'mouse' });
  wait(100);
  expect(button.getAttribute('aria-describedby')).toBeNull();
  wait(400);
  wait(100);
  const id = button.getAttribute('aria-describedby') ?? '';
  expect(document.getElementById(id)?.textContent).toContain('Add a row');
  fireEvent.pointerLeave(button, { pointerType: 'mouse' });
  expect(button.getAttribute('aria-describedby')).toBeNull();
});

test('a finger gets no words, Escape takes them away', () => {
  render(<IconButton icon="plus" label="Add a row" />);
  const button = screen.getByRole('button');
  fireEvent.pointerEnter(button, { pointerType: 'touch' });
  wait(500);
  expect(button.getAttribute('aria-describedby')).toBeNull();
  fireEvent.pointerEnter(button, { pointerType: 'mouse' });
  wait(500);
  expect(button.getAttribute('aria-describedby')).not.toBeNull();
  fireEvent.keyDown(document.body, { key: 'Escape' });
  expect(button.getAttribute('aria-describedby')).toBeNull();
});

test('pressing takes the words away until the pointer comes again', () => {
  render(<IconButton icon="plus" label="Add a row" />);
  const button = screen.getByRole('button');
  fireEvent.pointerEnter(button, { pointerType: 'mouse' });
  wait(500);
  fireEvent.pointerDown(button, { pointerType: 'mouse' });
  expect(button.getAttribute('aria-describedby')).toBeNull();
  act(() => button.focus());
  wait(500);
  expect(button.getAttribute('aria-describedby')).toBeNull();
  fireEvent.pointerLeave(button, { pointerType: 'mouse' });
  fireEvent.pointerEnter(button, { pointerType: 'mouse' });
  wait(500);
  expect(button.getAttribute('aria-describedby')).not.toBeNull();
});

test('the control stays the element it was', () => {
  render(<IconButton icon="plus" label="Add a row" />);
  const button = screen.getByRole('button');
  fireEvent.pointerEnter(button, { pointerType: 'mouse' });
  wait(500);
  expect(screen.getByRole('button')).toBe(button);
});
