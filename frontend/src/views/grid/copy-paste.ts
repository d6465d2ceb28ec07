import type { ClipboardEvent } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { toast } from '@/kit';
import { t } from '@/locales';
import { sayProblem } from '../shared/say';
import { cellsHtml, cellsText, parseCells, readRaw, tableCells } from './clipboard';
import { changedOnly, planPaste } from './paste';
import type { Rows } from './rows';
import type { Box } from './selection';

/** Above this a copy would rather be an export. */
const copyLimit = 50_000;

interface CopyInput {
  rows: Rows;
  top: number;
  bottom: number;
  fields: RuntimeField[];
  ctx: FieldContext;
  app: string;
  entity: string;
  event: ClipboardEvent | null;
}

// Numbers travel as plain digits: spreadsheets compute with them.
function cellText(record: RecordData, field: RuntimeField, ctx: FieldContext): string {
  const type = fieldOf(field.type);
  const value = record[field.key];
  return (field.kind === 'number' && type.edit ? type.edit : type.format)(value as never, field, ctx);
}

/** Puts cells on the clipboard as text, as a table, and as values of our own. */
export async function copyCells({ rows, top, bottom, fields, ctx, app, entity, event }: CopyInput): Promise<void> {
  const write = (records: RecordData[]) => {
    const words = records.map((record) => fields.map((field) => cellText(record, field, ctx)));
    const raw = {
      app,
      entity,
      fields: fields.map((f) => f.id),
      rows: records.map((record) => fields.map((f) => record[f.key] ?? null)),
    };
    return { text: cellsText(words), html: cellsHtml(words, raw) };
  };
  const here: RecordData[] = [];
  let complete = true;
  for (let i = top; i <= bottom; i++) {
    const line = rows.line(i);
    if (line.kind !== 'record') continue;
    if (line.record) here.push(line.record);
    else complete = false;
  }
  if (complete && event) {
    event.preventDefault();
    const { text, html } = write(here);
    event.clipboardData.setData('text/plain', text);
    event.clipboardData.setData('text/html', html);
    return;
  }
  if (bottom - top >= copyLimit) {
    event?.preventDefault();
    toast(t('grid.copyTooMuch', { n: copyLimit }), { tone: 'danger' });
    return;
  }
  event?.preventDefault();
  try {
    const loaded = complete ? here : (await rows.load(top, bottom + 1)).map((r) => r.record);
    const { text, html } = write(loaded);
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/plain': new Blob([text], { type: 'text/plain' }),
        'text/html': new Blob([html], { type: 'text/html' }),
      }),
    ]);
    toast(t('grid.copied', { n: loaded.length }), { tone: 'success' });
  } catch (error) {
    sayProblem(error);
  }
}

export interface PasteRequest {
  height: number;
  width: number;
  updates: { record: RecordData; values: Record<string, unknown> }[];
  creates: Record<string, unknown>[];
  faults: { row: number; field: RuntimeField; text: string }[];
  locked: RuntimeField[];
  beyond: number;
  /** Nothing to ask about. */
  simple: boolean;
}

interface PasteInput {
  rows: Rows;
  box: Box;
  /** From the first target column on. */
  fields: RuntimeField[];
  ctx: FieldContext;
  app: string;
  entity: string;
  create: boolean;
  update: boolean;
}

/** What is on the clipboard as changes of this grid; null when there is nothing to paste. */
export async function pasteFrom(
  data: DataTransfer,
  { rows, box, fields, ctx, app, entity, create, update }: PasteInput,
): Promise<PasteRequest | null> {
  const html = data.getData('text/html');
  const text = data.getData('text/plain');
  const cells = text !== '' ? parseCells(text) : html ? tableCells(html) : [];
  if (cells.length === 0) return null;
  // In groups only records that are there can be changed.
  const flat = rows.place(box.top) >= 0;
  const plan = planPaste(
    cells,
    { top: box.top, fields, rows: box.bottom - box.top + 1, cols: box.right - box.left + 1 },
    flat ? (rows.total ?? 0) : rows.count,
    ctx,
    {
      raw: html ? readRaw(html) : null,
      app,
      entity,
      create: create && flat,
    },
  );
  const lines = plan.updates.map((u) => u.row);
  const records = update && lines.length > 0 ? await rows.load(Math.min(...lines), Math.max(...lines) + 1) : [];
  const byLine = new Map(records.map((r) => [r.index, r.record]));
  const updates = plan.updates.flatMap(({ row, values }) => {
    const record = byLine.get(row);
    const changed = record ? changedOnly(record, values) : {};
    return record && Object.keys(changed).length > 0 ? [{ record, values: changed }] : [];
  });
  const width = Math.max(...cells.map((row) => row.length));
  return {
    height: Math.max(cells.length, plan.updates.length + plan.creates.length),
    width: Math.max(1, Math.min(width, fields.length)),
    updates,
    creates: plan.creates,
    faults: plan.faults,
    locked: plan.locked,
    beyond: plan.beyond,
    simple:
      plan.creates.length === 0 &&
      plan.faults.length === 0 &&
      plan.locked.length === 0 &&
      plan.beyond === 0 &&
      updates.length <= 500,
  };
}
