// Changes of a dashboard's widgets.

import { newId } from '@/api/ids';
import type { Dashboard, Json, Widget } from '@/api/types';
import { columns, settle } from '@/runtime/dashboard/layout';
import { type OptionsSchema, optionsOf, type Part } from '../parts';

/** The usual size of a widget by what it shows. */
export function sizeOf(part: Part): { w: number; h: number } {
  const { dimensions = 1, measures = 0 } = (part.extra.arity ?? {}) as { dimensions?: number; measures?: number };
  if (part.extra.source === 'aggregate' && dimensions === 0) return { w: 3, h: 3 };
  if (part.extra.source === 'static' && measures === 0) return { w: 6, h: 3 };
  return { w: 6, h: 7 };
}

/** The first free place at the end, left to right, in steps of its width: rows of equals stay whole. */
export function freePlace(widgets: Widget[], size: { w: number; h: number }): { x: number; y: number } {
  const bottom = Math.max(0, ...widgets.map((w) => w.y + w.h));
  const taken = (x: number, y: number) =>
    widgets.some((o) => x < o.x + o.w && o.x < x + size.w && y < o.y + o.h && o.y < y + size.h);
  for (let y = Math.max(0, bottom - size.h); y <= bottom; y++)
    for (let x = 0; x + size.w <= columns; x += size.w) if (!taken(x, y)) return { x, y };
  return { x: 0, y: bottom };
}

/** The settings that a new widget of a type cannot do without. */
export function startConfig(schema: OptionsSchema, entity: string | undefined): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const { name, schema: one, ui, required } of optionsOf(schema)) {
    if (ui.control === 'entity' && required && entity) out[name] = entity;
    else if (ui.control === 'list' && (one.minItems ?? 0) > 0)
      out[name] = [
        Object.fromEntries(
          Object.entries(one.items?.properties ?? {}).flatMap(([k, p]) =>
            p.enum?.[0] && one.items?.required?.includes(k) ? [[k, p.enum[0]]] : [],
          ),
        ),
      ];
    else if (ui.control === 'text' && required) out[name] = '';
    else if (ui.control === 'group' && required) out[name] = {};
  }
  return out;
}

export function addWidget(board: Dashboard, part: Part, title: Widget['title'], entity: string | undefined): string {
  const size = sizeOf(part);
  const id = newId('wid_');
  board.widgets.push({
    id,
    type: part.name,
    title,
    ...freePlace(board.widgets, size),
    ...size,
    config: startConfig(part.options, entity),
  });
  return id;
}

/** Moves or sizes a widget by the keyboard, within the grid; what is in its way moves down. */
export function nudgeWidget(
  widgets: Widget[],
  id: string,
  change: { x?: number; y?: number; w?: number; h?: number },
): Widget[] {
  const next = widgets.map((w) => ({ ...w }));
  const mine = next.find((w) => w.id === id);
  if (!mine) return widgets;
  mine.w = Math.max(1, Math.min(columns, mine.w + (change.w ?? 0)));
  mine.h = Math.max(2, mine.h + (change.h ?? 0));
  mine.x = Math.max(0, Math.min(columns - mine.w, mine.x + (change.x ?? 0)));
  mine.y = Math.max(0, mine.y + (change.y ?? 0));
  return settle(next, id);
}

/** Closes the holes between widgets: those beside a hole grow into it, from above first. */
export function tidy(widgets: Widget[]): Widget[] {
  const next = settle(widgets).map((w) => ({ ...w }));
  const taken = (mine: Widget, x: number, y: number, w: number, h: number) =>
    next.some((o) => o !== mine && x < o.x + o.w && o.x < x + w && y < o.y + o.h && o.y < y + h);
  // A row of its own, such as one of key figures, is shared out evenly.
  for (const row of rowsOf(next)) {
    const width = row.reduce((sum, w) => sum + w.w, 0);
    if (width >= columns || columns % row.length !== 0) continue;
    for (const [i, w] of row.entries()) {
      w.w = columns / row.length;
      w.x = i * w.w;
    }
  }
  const bottom = Math.max(0, ...next.map((w) => w.y + w.h));
  for (const w of next) while (w.y + w.h < bottom && !taken(w, w.x, w.y + w.h, w.w, 1)) w.h++;
  for (const w of next) while (w.x + w.w < columns && !taken(w, w.x + w.w, w.y, 1, w.h)) w.w++;
  for (const w of next)
    while (w.x > 0 && !taken(w, w.x - 1, w.y, 1, w.h)) {
      w.x--;
      w.w++;
    }
  return next;
}

/** Widgets that share a row with nothing above or below them in it, from the left. */
function rowsOf(widgets: Widget[]): Widget[][] {
  const rows = new Map<string, Widget[]>();
  for (const w of widgets) rows.set(`${w.y}/${w.h}`, [...(rows.get(`${w.y}/${w.h}`) ?? []), w]);
  return [...rows.values()]
    .filter(([first]) => {
      const { y = 0, h = 0 } = first ?? {};
      return widgets.every((w) => (w.y === y && w.h === h) || w.y >= y + h || w.y + w.h <= y);
    })
    .map((row) => row.sort((a, b) => a.x - b.x));
}
