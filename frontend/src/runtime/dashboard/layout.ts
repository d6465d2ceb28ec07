// Where widgets stand.
import type { Dashboard, Widget } from '@/api/types';

/** How many columns a dashboard has. */
export const columns = 12;

/** Widgets as they are read: from above, then from the left. */
export function inReadingOrder(widgets: Widget[]): Widget[] {
  return [...widgets].sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Widgets as a phone shows them: in the order that the builder gave, the rest after it. */
export function inPhoneOrder({ widgets, phone }: Pick<Dashboard, 'widgets' | 'phone'>): Widget[] {
  const place = new Map((phone ?? []).map((id, i) => [id, i]));
  return inReadingOrder(widgets)
    .map((w, i) => ({ w, at: place.get(w.id) ?? (phone?.length ?? 0) + i }))
    .sort((a, b) => a.at - b.at)
    .map(({ w }) => w);
}

/** Which widgets share a row of a phone: key figures that follow each other, two by two. */
export function inPairs(widgets: Widget[]): Set<string> {
  const paired = new Set<string>();
  for (let i = 0; i + 1 < widgets.length; i++) {
    const [one, next] = [widgets[i], widgets[i + 1]];
    if (one?.type !== 'kpi' || next?.type !== 'kpi') continue;
    paired.add(one.id).add(next.id);
    i++;
  }
  return paired;
}

/** Pushes overlapping widgets down, then everything up as far as it goes. */
export function settle(widgets: Widget[], first?: string): Widget[] {
  const placed: Widget[] = [];
  const clash = (a: Widget, b: Widget) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const sorted = [...widgets].sort((a, b) => a.y - b.y || (a.id === first ? -1 : b.id === first ? 1 : a.x - b.x));
  for (const widget of sorted) {
    const one = { ...widget };
    // Up as far as nothing is in the way.
    while (one.y > 0 && !placed.some((p) => clash({ ...one, y: one.y - 1 }, p))) one.y--;
    while (placed.some((p) => clash(one, p))) one.y++;
    placed.push(one);
  }
  return widgets.map((w) => placed.find((p) => p.id === w.id) ?? w);
}
