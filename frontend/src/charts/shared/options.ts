// The parts of options that the pictures share.
import type { Colors } from './colors';

export function tooltip(c: Colors) {
  return {
    backgroundColor: c.raised,
    borderColor: c.line,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: c.ink, fontSize: 12 },
    extraCssText: 'border-radius:6px;box-shadow:none',
    confine: true,
  };
}

export function legend(c: Colors) {
  return {
    type: 'scroll' as const,
    bottom: 0,
    left: 0,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 12,
    textStyle: { color: c.ink2, fontSize: 12 },
    pageTextStyle: { color: c.ink2 },
    pageIconColor: c.ink2,
    pageIconInactiveColor: c.line,
  };
}

export function axis(c: Colors) {
  return {
    axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false },
    axisLabel: { color: c.ink3, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: c.line } },
  };
}

/** HTML of a tooltip is ours to make safe. */
export function safeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (ch) => `&#${ch.charCodeAt(0)};`);
}
