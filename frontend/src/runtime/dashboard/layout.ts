// Where widgets stand.
import type { Dashboard, Widget } from '@/api/types';

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
