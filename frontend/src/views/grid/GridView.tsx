// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ClipboardEvent,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useAggregate } from '@/api/queries/records';
import type { RecordData, RuntimeField, ViewColumn } from '@/api/types';
import { choicesOf, fieldOf, type Move } from '@/fields';
import { type Density, ErrorState, MenuAt, type MenuEntry, SkeletonRows, toast, useDensity } from '@/kit';
import { t } from '@/locales';
import { inSentence, textOf } from '@/locales/text';
import type { ViewProps } from '../define';
import { afterKey } from '../shared/after-key';
import type { Change } from '../shared/edits';
import { everythingPicked, isPicked, nothingPicked, pickedCount, withPicked } from '../shared/row-pick';
import { sayChanged, sayProblem, sayRefused, undoLast } from '../shared/say';
import { findField } from '../shared/system';
import { AddChoice } from './AddChoice';
import { AddColumn } from './AddColumn';
import { CellNote } from './CellNote';
import { ConflictBar } from './ConflictBar';
import { columnMenu } from './column-menu';
import { type Column, columnSet, headWidth, minWidth } from './columns';
import { copyCells, type PasteRequest, pasteFrom } from './copy-paste';
import { followPointer } from './drag';
import { Entry, type EntryHandle } from './Entry';
import { FooterRow } from './FooterRow';
import { GridRow } from './GridRow';
import { GroupRow } from './GroupRow';
import styles from './grid.module.css';
import { HeaderRow } from './HeaderRow';
import { NewRow } from './NewRow';
import { PasteDialog } from './PasteDialog';
import { changedOnly, editable, fillValues } from './paste';
import { makeRows, walkerOf } from './rows';
import { activeOf, at, boxOf, type Extent, fillBox, kept, moved, type Selection, single, stepped } from './selection';
import { textWidth } from './text-width';
import { useRows } from './use-rows';
import { useViewport } from './use-viewport';

const headerHeight = 32;
const footerHeight = 32;
const endWidth = 44;
const baseHeights: Record<Density, number> = { compact: 32, default: 36, comfortable: 44 };

interface Edit {
  row: number;
  col: number;
  mode: 'entry' | 'editor';
  initialText?: string;
}

/** Records as a spreadsheet: one row each, fetched as they come into sight. */
export function GridView(props: ViewProps) {
  const {
    app,
    entity,
    ctx,
    store,
    edits,
    config,
    onConfig,
    query,
    onSort,
    revision,
    openId,
    onOpen,
    walk,
    onCreate,
    pick,
    onPick,
    onTotal,
    builder,
    empty,
    label,
  } = props;
  const grid = useId();
  const density = useDensity();
  const tall = config.row_height === 'tall';
  const rowHeight = config.row_height === 'compact' ? 28 : tall ? 56 : baseHeights[density];
  const mayEdit = entity.ops.includes('update');

  // --- columns and rows ---
  const [widths, setWidths] = useState<Record<string, number>>({});
  const set = useMemo(() => columnSet(entity, config, widths), [entity, config, widths]);
  const groups = useMemo(
    () => (config.group ?? []).map((id) => findField(entity, id)).filter((f): f is RuntimeField => !!f?.readable),
    [entity, config.group],
  );
  const colorField = useMemo(() => findField(entity, config.color_by), [entity, config.color_by]);
  const keys = useMemo(
    () =>
      [
        ...new Set([
          ...set.columns.map((c) => c.field.key),
          ...groups.map((f) => f.key),
          ...(colorField ? [colorField.key] : []),
        ]),
      ].sort(),
    [set, groups, colorField],
  );
  const footers = useMemo(
    () => set.columns.flatMap((c) => (c.footer && !c.field.masked ? [{ field: c.field, fn: c.footer }] : [])),
    [set],
  );
  const ref = useMemo(() => ({ app, entity: entity.key }), [app, entity.key]);
  const rowsQuery = {
    ref,
    filter: query.filter,
    search: query.search,
    sort: query.sort,
    fields: keys,
    groups,
    footers,
  };
  const { rows, waiting } = useRows(
    () => makeRows(store, rowsQuery),
    JSON.stringify([
      ref,
      query.filter,
      query.search,
      query.sort,
      keys,
      groups.map((g) => g.id),
      groups.length > 0 ? footers.map((f) => [f.field.id, f.fn]) : 0,
    ]),
  );
  useEffect(() => {
    edits.fields = keys;
  }, [edits, keys]);
  useSyncExternalStore(store.subscribe, store.version);
  useSyncExternalStore(edits.subscribe, edits.version);

  const totals = useAggregate(
    ref,
    {
      group_by: [],
      measures: [
        { fn: 'count', as: 'count' },
        ...footers.map((f, i) => ({ fn: f.fn === 'filled' ? 'count' : f.fn, field: f.field.key, as: `m${i}` })),
      ],
      ...(query.filter ? { filter: query.filter } : {}),
      ...(query.search ? { search: query.search } : {}),
    },
    { enabled: footers.length > 0 || groups.length > 0 },
  );
  const footerValues = useMemo(
    () => Object.fromEntries(footers.map((f, i) => [f.field.id, totals.data?.rows[0]?.[`m${i}`]])),
    [footers, totals.data],
  );
  const total = groups.length > 0 ? (totals.data?.rows[0] ? Number(totals.data.rows[0].count) : null) : rows.total;
  useEffect(() => onTotal(total), [onTotal, total]);

  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void rows.reload();
    void totals.refetch();
  }, [revision, rows, totals]);

  // --- what is in sight ---
  const scroller = useRef<HTMLDivElement>(null);
  const entry = useRef<EntryHandle>(null);
  const view = useViewport(scroller, set);
  const withNew = !!onCreate && groups.length === 0 && rows.total !== null;
  const lines = rows.count + (withNew ? 1 : 0);
  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    scrollPaddingEnd: footerHeight + 2,
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes follow the row height
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => rows.want(first, last + 1), [rows, first, last]);

  const frozen = useMemo(() => set.columns.slice(0, set.frozenCount), [set]);
  const columns = useMemo(() => set.columns.slice(view.from, view.to), [set, view.from, view.to]);
  const gap = (columns[0]?.left ?? set.frozenWidth) - set.frozenWidth;
  const contentWidth = set.width + (builder ? endWidth : 0);

  // A new question starts at its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another question scrolls back
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setSelection(null);
    setEdit(null);
  }, [query.filter, query.search, config.group]);

  // --- selection ---
  const [chosen, setSelection] = useState<Selection | null>(null);
  const [edit, setEdit] = useState<Edit | null>(null);
  const [hint, setHint] = useState<{ row: number; col: number; text: string } | null>(null);
  const [fillTo, setFillTo] = useState<number | null>(null);
  const [pasting, setPasting] = useState<PasteRequest | null>(null);
  const [choiceOf, setChoiceOf] = useState<RuntimeField | null>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number; row: number } | null>(null);
  const extent: Extent = {
    rows: lines,
    cols: set.columns.length,
    page: Math.max(1, Math.floor((view.height - headerHeight - footerHeight) / rowHeight) - 1),
  };
  const selection = kept(chosen, extent);
  const active = selection && activeOf(selection);
  const box = selection && boxOf(selection);
  const filling = box && fillTo !== null ? fillBox(box, fillTo)?.target : null;
  const lastTick = useRef(-1);
  const pointing = useRef(false);

  const columnAt = (col: number) => set.columns[col] as Column;
  const fieldAt = (col: number) => columnAt(col).field;

  const reveal = useCallback(
    (row: number, col: number) => {
      virtual.scrollToIndex(row, { align: 'auto' });
      const column = set.columns[col];
      const element = scroller.current;
      if (!column || column.frozen || !element) return;
      const right = column.left + column.width + 2;
      if (column.left < element.scrollLeft + set.frozenWidth) element.scrollLeft = column.left - set.frozenWidth;
      else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth;
    },
    [virtual, set],
  );

  // What the panel is about to show: the address follows a moment later.
  const peeked = useRef(openId);
  useEffect(() => {
    peeked.current = openId;
  }, [openId]);
  const peek = (id: string | null) => {
    peeked.current = id;
    onOpen(id);
  };
  const follow = useRef<ReturnType<typeof setTimeout>>(undefined);
  const select = (next: Selection, show = true) => {
    setSelection(next);
    setHint(null);
    const spot = activeOf(next);
    const shown = single(next) ? spot : next.focus;
    if (show) reveal(shown.row, shown.col);
    // An open panel follows the keyboard.
    const id = rows.id(spot.row);
    clearTimeout(follow.current);
    if (peeked.current && id && id !== peeked.current) {
      peeked.current = id;
      follow.current = setTimeout(() => onOpen(id), 120);
    }
  };
  const focusEntry = () => entry.current?.focus();

  const step = (move: Move | undefined) => {
    if (!selection || !move) return;
    select(stepped(selection, move, extent));
  };

  // The panel went to another record by its own buttons.
  useEffect(() => {
    if (!openId) return;
    const index = rows.indexOf(openId);
    if (index >= 0) setSelection((s) => (s && activeOf(s).row === index ? s : at(index, s ? activeOf(s).col : 0)));
  }, [openId, rows]);

  // The panel's arrows go through the rows as they stand here.
  useEffect(() => {
    walk.current = walkerOf(rows);
    return () => {
      walk.current = null;
    };
  }, [walk, rows]);

  // --- edits ---
  const report = async (changes: Change[]) => {
    const result = await edits.set(changes);
    const cells = changes.reduce((n, c) => n + Object.keys(c.values).length, 0);
    if (cells > 1 && result.ids.length > 0) sayChanged(edits, result.ids.length);
    if (!result.problem || (cells === 1 && !result.problem.offline)) return;
    sayRefused(edits, result, entity);
  };

  const write = (targets: { record: RecordData; values: Record<string, unknown> }[]) => {
    const changes = targets
      .map(({ record, values }) => ({ id: record.id, values: changedOnly(record, values) }))
      .filter((c) => Object.keys(c.values).length > 0);
    if (changes.length > 0) void report(changes);
  };

  const refuse = (row: number, col: number) => {
    const field = fieldAt(col);
    const text = field.masked
      ? t('grid.masked')
      : field.traits.computed || field.traits.generated
        ? t('grid.computed')
        : t('grid.readOnly');
    setHint({ row, col, text });
  };

  const commit = (value: unknown, move?: Move) => {
    const where = edit ?? (active && { ...active });
    setEdit(null);
    focusEntry();
    if (!where) return;
    const field = fieldAt(where.col);
    const message = value === null || value === undefined ? undefined : fieldOf(field.type).check?.(value, field, ctx);
    if (message) {
      setHint({ row: where.row, col: where.col, text: message });
      return;
    }
    const record = rows.record(where.row);
    if (record) write([{ record, values: { [field.key]: value ?? null } }]);
    else if (where.row === rows.count && withNew && value !== null) void createRow({ [field.key]: value });
    step(move);
  };

  const createRow = async (values: Record<string, unknown>) => {
    const result = await edits.create([values]);
    // What a form would ask for is missing: the form asks.
    if (result.problem) {
      if (result.problem.errors.length > 0) onCreate?.(values);
      else sayProblem(result.problem);
    }
  };

  const beginEdit = (row: number, col: number, initialText?: string) => {
    const record = rows.record(row);
    const field = fieldAt(col);
    const isNew = row === rows.count && withNew;
    if (!record && !isNew) return;
    if (isNew && initialText === undefined) return onCreate?.();
    if (!(isNew ? field.writable : mayEdit) || !editable(field)) {
      entry.current?.clear();
      if (initialText !== undefined) refuse(row, col);
      else if (record) onOpen(record.id);
      return;
    }
    const type = fieldOf(field.type);
    if (type.toggle && initialText === undefined && record) {
      write([{ record, values: { [field.key]: type.toggle(record[field.key]) } }]);
      return;
    }
    reveal(row, col);
    setHint(null);
    const failed = record && store.markOf(record.id, field.key);
    if (type.Editor && !(type.typed && initialText !== undefined)) {
      entry.current?.clear();
      setEdit({ row, col, mode: 'editor', initialText });
    } else {
      const value = failed ? failed.value : record?.[field.key];
      if (initialText === undefined) entry.current?.fill((type.edit ?? type.format)(value as never, field, ctx));
      setEdit({ row, col, mode: 'entry', initialText });
    }
  };

  const commitEntry = (text: string, move?: Move): boolean => {
    if (!edit) return true;
    const field = fieldAt(edit.col);
    const value = fieldOf(field.type).parseText?.(text, field, ctx);
    if (value === undefined) {
      setHint({ row: edit.row, col: edit.col, text: unreadableText(text, field) });
      return false;
    }
    commit(value, move);
    return true;
  };

  const clearCells = async () => {
    if (!box || !mayEdit) return;
    const fields = set.columns
      .slice(box.left, box.right + 1)
      .map((c) => c.field)
      .filter(editable);
    if (fields.length === 0) return refuse(box.top, box.left);
    const targets = await rows.load(box.top, Math.min(box.bottom + 1, rows.count));
    write(targets.map(({ record }) => ({ record, values: Object.fromEntries(fields.map((f) => [f.key, null])) })));
  };

  const fill = async (down: boolean, target: NonNullable<typeof box>) => {
    if (!box || !mayEdit) return;
    const source = await rows.load(box.top, Math.min(box.bottom + 1, rows.count));
    const targets = await rows.load(target.top, Math.min(target.bottom + 1, rows.count));
    const ordered = down ? targets : [...targets].reverse();
    const changes = ordered.map(({ record }) => ({ record, values: {} as Record<string, unknown> }));
    for (let col = box.left; col <= box.right; col++) {
      const field = fieldAt(col);
      if (!editable(field)) continue;
      const values = fillValues(
        source.map((s) => s.record[field.key] ?? null),
        field,
        ordered.length,
        down,
      );
      changes.forEach((c, i) => {
        c.values[field.key] = values[i];
      });
    }
    write(changes);
    setSelection({
      anchor: { row: Math.min(box.top, target.top), col: box.left },
      focus: { row: Math.max(box.bottom, target.bottom), col: box.right },
    });
  };

  const fillDown = async () => {
    if (!box || box.top === box.bottom || !mayEdit) return;
    const all = await rows.load(box.top, Math.min(box.bottom + 1, rows.count));
    const source = all[0]?.record;
    if (!source) return;
    const fields = set.columns
      .slice(box.left, box.right + 1)
      .map((c) => c.field)
      .filter(editable);
    write(
      all.slice(1).map(({ record }) => ({
        record,
        values: Object.fromEntries(fields.map((f) => [f.key, source[f.key] ?? null])),
      })),
    );
  };

  const remove = async (ids: string[]) => {
    try {
      const result = await edits.bulk({ select: { ids }, delete: true });
      rows.remove(ids);
      sayChanged(edits, result.count, 'deleted');
    } catch (error) {
      sayProblem(error);
    }
  };

  // --- clipboard ---
  const selectedFields = () => (box ? set.columns.slice(box.left, box.right + 1).map((c) => c.field) : []);
  const copy = (event?: ClipboardEvent | null) => {
    if (!box) return;
    void copyCells({
      rows,
      top: box.top,
      bottom: Math.min(box.bottom, rows.count - 1),
      fields: selectedFields(),
      ctx,
      app,
      entity: entity.key,
      event: event ?? null,
    });
  };
  const paste = async (event: ClipboardEvent) => {
    if (!box) return;
    event.preventDefault();
    const request = await pasteFrom(event.clipboardData, {
      rows,
      box,
      fields: set.columns.slice(box.left).map((c) => c.field),
      ctx,
      app,
      entity: entity.key,
      create: withNew,
      update: mayEdit,
    });
    if (!request) return;
    setSelection({
      anchor: { row: box.top, col: box.left },
      focus: { row: box.top + request.height - 1, col: Math.min(set.columns.length - 1, box.left + request.width - 1) },
    });
    // Few plain changes need no question; what makes records or leaves cells out says so first.
    if (request.simple) write(request.updates);
    else setPasting(request);
  };

  // --- keyboard ---
  const onKey = (e: KeyboardEvent<HTMLTextAreaElement>) => {
    if (e.nativeEvent.isComposing || e.keyCode === 229) return;
    const mod = e.ctrlKey || e.metaKey;
    if (edit?.mode === 'entry') {
      if (e.key === 'Enter' && e.altKey) {
        e.preventDefault();
        entry.current?.insert('\n');
      } else if (e.key === 'Enter' || e.key === 'Tab') {
        e.preventDefault();
        commitEntry(
          e.currentTarget.value,
          e.key === 'Tab' ? (e.shiftKey ? 'left' : 'right') : e.shiftKey ? 'up' : 'down',
        );
      } else if (e.key === 'Escape') {
        e.preventDefault();
        e.stopPropagation();
        setEdit(null);
        setHint(null);
        entry.current?.clear();
      } else if (edit.initialText !== undefined && /^Arrow(Up|Down)$/.test(e.key)) {
        // Typed over a cell: arrows leave it as they do in a spreadsheet.
        e.preventDefault();
        commitEntry(e.currentTarget.value, e.key === 'ArrowUp' ? 'up' : 'down');
      }
      return;
    }
    if (mod && !e.altKey) {
      const key = e.key.toLowerCase();
      if (key === 'z' && !e.shiftKey) {
        e.preventDefault();
        void undoLast(edits);
        return;
      }
      if (key === 'a' && lines > 0) {
        e.preventDefault();
        select({ anchor: { row: 0, col: 0 }, focus: { row: rows.count - 1, col: set.columns.length - 1 } }, false);
        return;
      }
      if (key === 'd') {
        e.preventDefault();
        void fillDown();
        return;
      }
    }
    if (!selection || !active) {
      if (/^Arrow/.test(e.key) && lines > 0) {
        e.preventDefault();
        select(at(first, 0));
      }
      return;
    }
    const line = active.row < rows.count ? rows.line(active.row) : null;
    if (line?.kind === 'group') {
      const toggle =
        e.key === 'Enter' ||
        e.key === ' ' ||
        (e.key === 'ArrowRight' && !line.open) ||
        (e.key === 'ArrowLeft' && line.open);
      if (toggle) {
        e.preventDefault();
        rows.toggle(line.group.key);
        return;
      }
    }
    const next = moved(selection, e.key, { shift: e.shiftKey, mod }, extent);
    if (next) {
      e.preventDefault();
      select(next);
      return;
    }
    const id = rows.id(active.row);
    switch (e.key) {
      case 'Tab':
        // At the edge Tab leaves the grid.
        if (single(selection) && (e.shiftKey ? active.col === 0 : active.col === set.columns.length - 1)) return;
        e.preventDefault();
        step(e.shiftKey ? 'left' : 'right');
        return;
      case 'Enter':
        e.preventDefault();
        if (!single(selection)) step(e.shiftKey ? 'up' : 'down');
        else if (active.row === rows.count && withNew) onCreate?.();
        else beginEdit(active.row, active.col);
        return;
      case 'F2':
        e.preventDefault();
        beginEdit(active.row, active.col);
        return;
      case 'Escape':
        if (hint) setHint(null);
        else if (!single(selection)) setSelection(at(active.row, active.col));
        else if (peeked.current) peek(null);
        return;
      case 'Delete':
      case 'Backspace':
        e.preventDefault();
        void clearCells();
        return;
      case ' ':
        e.preventDefault();
        if (e.shiftKey && id) onPick(withPicked(pick, [id], !isPicked(pick, id)));
        else if (id) peek(peeked.current === id ? null : id);
        return;
      case 'j':
      case 'k':
        if (!peeked.current || mod || e.altKey) return;
        e.preventDefault();
        select(moved(selection, e.key === 'j' ? 'ArrowDown' : 'ArrowUp', {}, extent) ?? selection);
        return;
      case 'ContextMenu': {
        e.preventDefault();
        const cell = document.getElementById(`${grid}-${active.row}-${active.col}`)?.getBoundingClientRect();
        if (cell) afterKey(() => setMenuAt({ x: cell.left + 16, y: cell.bottom, row: active.row }));
      }
    }
  };

  // --- mouse ---
  const spotAt = (x: number, y: number): { row: number; col: number } => {
    const element = scroller.current as HTMLDivElement;
    const row = Math.max(0, Math.min(lines - 1, Math.floor((y - headerHeight) / rowHeight)));
    const fixed = x - element.scrollLeft < set.frozenWidth;
    const place = fixed ? x - element.scrollLeft : x;
    let col = set.columns.findIndex((c) => c.frozen === fixed && place < c.left + c.width);
    if (col < 0) col = fixed ? Math.max(0, set.frozenCount - 1) : set.columns.length - 1;
    return { row, col };
  };

  const tick = async (row: number, range: boolean) => {
    const id = rows.id(row);
    if (!id) return;
    const on = !isPicked(pick, id);
    if (range && lastTick.current >= 0) {
      const [from, to] = [Math.min(lastTick.current, row), Math.max(lastTick.current, row)];
      const some = await rows.load(from, to + 1);
      onPick(
        withPicked(
          pick,
          some.map((s) => s.record.id),
          true,
        ),
      );
    } else onPick(withPicked(pick, [id], on));
    lastTick.current = row;
  };

  const onPointerDown = (e: PointerEvent<HTMLDivElement>) => {
    const target = e.target as HTMLElement;
    const rowElement = target.closest<HTMLElement>('[data-row]');
    if (!rowElement || target.closest('[data-editor]')) return;
    const row = Number(rowElement.dataset.row);
    if (e.button === 2) {
      const col = Number(target.closest<HTMLElement>('[data-col]')?.dataset.col ?? 0);
      if (!box || row < box.top || row > box.bottom || col < box.left || col > box.right) setSelection(at(row, col));
      return;
    }
    if (e.button !== 0) return;
    // Whatever is being edited commits as its focus goes.
    if (edit?.mode === 'editor') (document.activeElement as HTMLElement | null)?.blur();
    else if (edit?.mode === 'entry' && entry.current && !commitEntry(entry.current.value())) {
      e.preventDefault();
      return;
    }
    e.preventDefault();
    pointing.current = true;
    focusEntry();
    pointing.current = false;
    if (rowElement.dataset.group) {
      rows.toggle(rowElement.dataset.group);
      setSelection(at(row, 0));
      return;
    }
    if (target.closest('[data-new]')) {
      onCreate?.();
      return;
    }
    if (target.closest('[data-open]')) {
      const id = rows.id(row);
      if (id) onOpen(id);
      return;
    }
    if (target.closest('[data-tick]')) {
      void tick(row, e.shiftKey);
      return;
    }
    const element = scroller.current as HTMLDivElement;
    if (target.closest('[data-fill]') && box) {
      followPointer(
        element,
        ({ y }) => setFillTo(spotAt(0, y).row),
        (cancelled) => {
          setFillTo((to) => {
            const result = to === null || cancelled ? null : fillBox(box, Math.min(to, rows.count - 1));
            if (result) void fill(result.down, result.target);
            return null;
          });
        },
      );
      return;
    }
    const colElement = target.closest<HTMLElement>('[data-col]');
    const spot = colElement ? { row, col: Number(colElement.dataset.col) } : null;
    if (!spot) return;
    const again = active && single(selection as Selection) && active.row === spot.row && active.col === spot.col;
    const field = fieldAt(spot.col);
    const record = rows.record(row);
    if (again && record && mayEdit && editable(field) && fieldOf(field.type).toggle) {
      beginEdit(spot.row, spot.col);
      return;
    }
    const anchor = e.shiftKey && selection ? selection.anchor : spot;
    select({ anchor, focus: spot }, false);
    if (e.pointerType === 'touch') return;
    followPointer(
      element,
      ({ x, y }) => {
        const focus = spotAt(x, y);
        setSelection((s) => (s && s.focus.row === focus.row && s.focus.col === focus.col ? s : { anchor, focus }));
      },
      () => {},
    );
  };

  const onDoubleClick = (e: React.MouseEvent) => {
    const target = e.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-row]')?.dataset.row;
    const col = target.closest<HTMLElement>('[data-col]')?.dataset.col;
    if (row === undefined || col === undefined || target.closest('[data-fill],[data-editor]')) return;
    beginEdit(Number(row), Number(col));
  };

  // --- header ---
  const saved = config.columns?.length ? config.columns : set.columns.map((c): ViewColumn => ({ field: c.field.id }));
  const setColumns = (next: ViewColumn[]) => onConfig({ columns: next });
  const own = (column: Column) => saved.findIndex((c) => findField(entity, c.field)?.id === column.field.id);
  const change = (column: Column, patch: Partial<ViewColumn>) =>
    setColumns(saved.map((c, i) => (i === own(column) ? { ...c, ...patch } : c)));
  const move = (from: number, to: number) => {
    const next = [...saved];
    const [item] = next.splice(from, 1);
    if (!item) return;
    next.splice(Math.max(0, Math.min(next.length, to)), 0, item);
    setColumns(next);
  };
  const fitColumn = (column: Column) => {
    const cells = scroller.current?.querySelectorAll<HTMLElement>(`[data-col="${column.index}"]`) ?? [];
    const wanted = Math.max(
      minWidth,
      ...[...cells].map((c) => widest(c) + 25),
      textWidth(textOf(column.field.name)) + 56,
    );
    change(column, { width: Math.min(480, Math.round(wanted)) });
  };
  const sorts = useMemo(
    () =>
      Object.fromEntries(
        query.sort.map(
          (s) => [findField(entity, s.field)?.id ?? s.field, s.desc ? 'descending' : 'ascending'] as const,
        ),
      ),
    [query.sort, entity],
  );
  const headerActions = useStable({
    onSort: (column: Column, add: boolean) => {
      const id = column.field.id;
      if (column.field.masked || column.field.traits.sortable === false) return;
      const now = query.sort.find((s) => s.field === id);
      const rest = add ? query.sort.filter((s) => s.field !== id) : [];
      onSort(!now ? [...rest, { field: id }] : now.desc ? rest : [...rest, { field: id, desc: true }]);
    },
    onMove: move,
    onResize: (column: Column, width: number, done: boolean) => {
      if (!done) setWidths({ [column.field.id]: width });
      else {
        setWidths({});
        change(column, { width: Math.max(minWidth, Math.round(width)) });
      }
    },
    onFit: fitColumn,
    menu: (column: Column): MenuEntry[] =>
      columnMenu({
        column,
        count: set.columns.length,
        config,
        sort: query.sort,
        onSort,
        onConfig,
        onMove: move,
        onHide: () => setColumns(saved.filter((_, i) => i !== own(column))),
        onFit: () => fitColumn(column),
        onFooter: (footer) => change(column, { footer }),
        onAddChoice: () => setChoiceOf(column.field),
        builder,
        entity,
      }),
    onPickAll: (on: boolean) => onPick(on ? everythingPicked : nothingPicked),
  });
  const picked = pickedCount(pick, total ?? 0);
  const pickedAll = picked === 0 ? false : pick.all && pick.except.size === 0 ? true : 'mixed';

  const rowMenu = (row: number): MenuEntry[] => {
    const id = rows.id(row);
    if (!id) return [];
    const ids =
      box && row >= box.top && row <= box.bottom ? range(box.top, box.bottom).flatMap((i) => rows.id(i) ?? []) : [id];
    return [
      { label: t('grid.openRecord'), icon: 'maximize', shortcut: 'Space', onSelect: () => onOpen(id) },
      { label: t('grid.copyCells'), icon: 'copy', shortcut: 'mod+c', onSelect: () => copy() },
      { label: t('grid.copyLink'), icon: 'link', onSelect: () => void copyLink(id) },
      mayEdit &&
        box &&
        box.bottom > box.top && {
          label: t('grid.fillDown'),
          icon: 'arrow-down',
          shortcut: 'mod+d',
          onSelect: () => void fillDown(),
        },
      mayEdit && { label: t('grid.clearCells'), icon: 'x', shortcut: 'Delete', onSelect: () => void clearCells() },
      entity.ops.includes('delete') && { divider: true },
      entity.ops.includes('delete') && {
        label: ids.length > 1 ? t('grid.deleteRecords', { n: ids.length }) : t('grid.deleteRecord'),
        icon: 'trash',
        danger: true,
        onSelect: () => void remove(ids),
      },
    ];
  };

  if (rows.error && rows.total === null)
    return (
      <div className={styles.failure}>
        <ErrorState error={rows.error} onRetry={rows.retry} />
      </div>
    );

  const nothing = rows.total === 0 && !waiting;
  // Totals of nothing say nothing; the menu of a column adds its first one.
  const footed = rows.total !== 0 && set.columns.some((c) => c.footer);
  const skeleton = [
    { width: headWidth, blank: true },
    ...set.columns
      .filter((c) => c.left < view.width)
      .map((c) => ({ width: c.width, align: c.align, edge: c.index === set.frozenCount - 1 })),
  ];
  const editColumn = edit && columnAt(edit.col);
  const spot = edit ?? active;
  const spotColumn = spot && set.columns[spot.col];
  const spotBox =
    spot && spotColumn
      ? {
          top: headerHeight + spot.row * rowHeight,
          left: spotColumn.left,
          width: spotColumn.width,
          height: rowHeight,
          frozen: spotColumn.frozen,
        }
      : null;
  const activeRecord = active ? rows.record(active.row) : undefined;
  const mark = active && activeRecord ? store.markOf(activeRecord.id, fieldAt(active.col).key) : undefined;
  const failed = mark?.state === 'failed' ? store.failed().length : 0;
  const bubble =
    hint ?? (active && mark?.state === 'failed' ? { ...active, text: mark.message ?? t('grid.notSaved') } : null);

  return (
    <div className={styles.wrap}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid inside has the roles; its focus is in the entry below */}
      <div
        ref={scroller}
        className={styles.scroller}
        data-waiting={waiting || undefined}
        onPointerDown={onPointerDown}
        onDoubleClick={onDoubleClick}
        onContextMenu={(e) => {
          const row = (e.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
          if (row === undefined || rows.id(Number(row)) === undefined) return;
          e.preventDefault();
          setMenuAt({ x: e.clientX, y: e.clientY, row: Number(row) });
        }}
        onPointerOver={explainCut}
      >
        <div className={styles.content} style={{ width: contentWidth }}>
          <Entry
            ref={entry}
            place={spotBox}
            editing={edit?.mode === 'entry'}
            align={spotColumn?.align ?? 'left'}
            label={
              spotColumn && active
                ? t('grid.cell', { name: textOf(spotColumn.field.name), row: active.row + 1 })
                : label
            }
            activeId={active && !edit ? `${grid}-${active.row}-${active.col}` : undefined}
            invalid={!!hint && edit?.mode === 'entry'}
            onKeyDown={onKey}
            onText={(text, composing) => {
              if (edit?.mode === 'editor') {
                // Its editor is still on the way: it gets what was typed meanwhile.
                setEdit({ ...edit, initialText: (edit.initialText ?? '') + text });
                entry.current?.clear();
                return;
              }
              if (edit || !active) return;
              if (composing) setEdit({ ...active, mode: 'entry', initialText: '' });
              else beginEdit(active.row, active.col, text);
            }}
            onComposed={(text) => {
              // A list takes over once the words are finished.
              const type = edit && fieldOf(fieldAt(edit.col).type);
              if (edit?.mode === 'entry' && ((type?.Editor && !type.typed) || !editable(fieldAt(edit.col)))) {
                setEdit(null);
                beginEdit(edit.row, edit.col, text);
              }
            }}
            onLeave={(text) => {
              if (edit?.mode === 'entry') commitEntry(text);
            }}
            onFocus={() => {
              if (!selection && lines > 0 && !pointing.current) setSelection(at(first, 0));
            }}
            onCopy={(e) => {
              if (!edit) copy(e);
            }}
            onCut={(e) => {
              if (edit) return;
              copy(e);
              void clearCells();
            }}
            onPaste={(e) => {
              if (!edit) void paste(e);
            }}
          />
          {edit?.mode === 'editor' && editColumn && spotBox && (
            <div className={styles.editorHolder} data-frozen={spotBox.frozen || undefined}>
              <div
                className={styles.editorBox}
                data-editor
                style={
                  {
                    top: spotBox.top,
                    left: spotBox.left,
                    minWidth: spotBox.width,
                    minHeight: spotBox.height,
                    '--cell-h': `${spotBox.height}px`,
                  } as CSSProperties
                }
              >
                <CellEditor
                  key={`${edit.row}-${edit.col}`}
                  field={editColumn.field}
                  record={rows.record(edit.row)}
                  initialText={edit.initialText}
                  ctx={ctx}
                  onCommit={commit}
                  onCancel={() => {
                    setEdit(null);
                    focusEntry();
                  }}
                />
              </div>
            </div>
          )}
          {bubble && set.columns[bubble.col] && (
            <div className={styles.editorHolder} data-frozen={columnAt(bubble.col).frozen || undefined}>
              <CellNote
                text={bubble.text}
                scroller={scroller}
                left={columnAt(bubble.col).left}
                top={headerHeight + bubble.row * rowHeight}
                rowHeight={rowHeight}
                actions={
                  !hint &&
                  mark &&
                  activeRecord &&
                  active && [
                    mark.again && { label: t('common.retry'), run: () => void edits.retry() },
                    { label: t('grid.discard'), run: () => edits.discard(activeRecord.id, fieldAt(active.col).key) },
                    failed > 1 && {
                      label: t('grid.discardAll', { n: failed }),
                      run: () => edits.discardFailed(),
                    },
                  ]
                }
              />
            </div>
          )}
          <div
            role={groups.length > 0 ? 'treegrid' : 'grid'}
            aria-label={label}
            aria-rowcount={rows.total === null ? -1 : rows.count + (footed ? 2 : 1)}
            aria-colcount={set.columns.length + 1}
            aria-multiselectable
            aria-busy={rows.total === null || waiting || undefined}
            className={styles.grid}
          >
            <div role="rowgroup" className={styles.headerGroup}>
              <HeaderRow
                width={contentWidth}
                frozen={frozen}
                columns={columns}
                gap={gap}
                sorts={sorts}
                pickedAll={pickedAll}
                end={builder && <AddColumn builder={builder} />}
                endLeft={set.width}
                {...headerActions}
              />
            </div>
            <div role="rowgroup" className={styles.body} style={{ height: lines * rowHeight }}>
              {items.map(({ index }) => {
                const top = index * rowHeight;
                const inRange = !!box && index >= box.top && index <= box.bottom;
                if (withNew && index === rows.count) {
                  return (
                    <NewRow
                      key="new"
                      grid={grid}
                      index={index}
                      top={top}
                      height={rowHeight}
                      width={set.width}
                      columns={set.columns}
                      activeCol={active?.row === index ? active.col : -1}
                      label={t('list.new', { name: inSentence(textOf(entity.name)) })}
                    />
                  );
                }
                const line = rows.line(index);
                if (line.kind === 'gone') return null;
                if (line.kind === 'group') {
                  return (
                    <GroupRow
                      key={`group-${line.group.key}`}
                      grid={grid}
                      index={index}
                      top={top}
                      height={rowHeight}
                      width={contentWidth}
                      viewport={view.width}
                      group={line.group}
                      open={line.open}
                      active={active?.row === index}
                      totals={set.columns.filter((c) => c.footer)}
                      ctx={ctx}
                    />
                  );
                }
                const { record } = line;
                return (
                  <GridRow
                    key={index}
                    grid={grid}
                    index={index}
                    top={top}
                    height={rowHeight}
                    width={contentWidth}
                    number={line.number}
                    record={record}
                    failed={line.failed}
                    frozen={frozen}
                    columns={columns}
                    gap={gap}
                    ctx={ctx}
                    store={store}
                    tall={tall}
                    picked={!!record && isPicked(pick, record.id)}
                    open={!!record && record.id === openId}
                    activeCol={active?.row === index ? active.col : -1}
                    rangeLeft={inRange && !single(selection as Selection) ? box.left : 1}
                    rangeRight={inRange && !single(selection as Selection) ? box.right : 0}
                    cornerCol={box && index === box.bottom && mayEdit && !edit ? box.right : -1}
                    fillLeft={filling && index >= filling.top && index <= filling.bottom ? filling.left : 1}
                    fillRight={filling && index >= filling.top && index <= filling.bottom ? filling.right : 0}
                    hue={hueOf(colorField, record)}
                  />
                );
              })}
            </div>
            {footed && (
              <div role="rowgroup" className={styles.footerGroup}>
                <FooterRow
                  width={contentWidth}
                  rowIndex={rows.count + 2}
                  frozen={frozen}
                  columns={columns}
                  gap={gap}
                  values={footerValues}
                  ctx={ctx}
                  onFooter={(column, footer) => change(column, { footer })}
                />
              </div>
            )}
          </div>
          {rows.total === null && (
            <div className={styles.waiting} style={{ width: view.width }}>
              <SkeletonRows
                rows={Math.ceil(Math.max(0, view.height - 64) / rowHeight)}
                columns={skeleton}
                rowHeight={rowHeight}
              />
            </div>
          )}
          {nothing && (
            <div className={styles.empty} style={{ width: view.width }}>
              {empty}
            </div>
          )}
        </div>
      </div>
      <ConflictBar edits={edits} entity={entity} ctx={ctx} />
      {choiceOf && builder && <AddChoice field={choiceOf} builder={builder} onClose={() => setChoiceOf(null)} />}
      <MenuAt at={menuAt} items={menuAt ? rowMenu(menuAt.row) : []} onClose={() => setMenuAt(null)} />
      {pasting && <PasteDialog request={pasting} edits={edits} entity={entity} onClose={() => setPasting(null)} />}
    </div>
  );
}

function CellEditor({
  field,
  record,
  initialText,
  ctx,
  onCommit,
  onCancel,
}: {
  field: RuntimeField;
  record: RecordData | undefined;
  initialText?: string;
  ctx: ViewProps['ctx'];
  onCommit: (value: unknown, move?: Move) => void;
  onCancel: () => void;
}) {
  const Editor = fieldOf(field.type).Editor;
  const done = useRef(false);
  if (!Editor) return null;
  const once =
    <A extends unknown[]>(f: (...args: A) => void) =>
    (...args: A) => {
      if (done.current) return;
      done.current = true;
      f(...args);
    };
  return (
    <Editor
      value={record?.[field.key] as never}
      field={field}
      ctx={ctx}
      initialText={initialText}
      record={record}
      onCommit={once(onCommit)}
      onCancel={once(onCancel)}
    />
  );
}

/** What a field would take instead of a text that it cannot read. */
function unreadableText(text: string, { kind, name }: RuntimeField): string {
  if (kind === 'number' || kind === 'date' || kind === 'time') return t(`grid.unreadable.${kind}`);
  return t('grid.unreadable.other', { text, name: textOf(name) });
}

function hueOf(field: RuntimeField | undefined, record: RecordData | undefined): string | undefined {
  if (!field || !record) return undefined;
  const value = record[field.key];
  return choicesOf(field).find((c) => c.key === value)?.hue;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

// Handlers that change with every render behind functions that do not, so that
// memoised rows need not redraw.
function useStable<T extends Record<string, (...args: never[]) => unknown>>(handlers: T): T {
  const latest = useRef(handlers);
  latest.current = handlers;
  return useMemo(
    () =>
      Object.fromEntries(
        Object.keys(latest.current).map((name) => [name, (...args: never[]) => latest.current[name]?.(...args)]),
      ) as T,
    [],
  );
}

// Cut-off text says the rest on hover, without a component per cell.
function explainCut(e: React.MouseEvent): void {
  const cell = (e.target as HTMLElement).closest<HTMLElement>('[data-col]');
  if (!cell || cell.title) return;
  const cut = [...cell.querySelectorAll<HTMLElement>('*')].some(
    (x) => x.scrollWidth > x.clientWidth + 1 && x.clientWidth > 0,
  );
  if (cut) cell.title = cell.textContent ?? '';
  cell.addEventListener('mouseleave', () => cell.removeAttribute('title'), { once: true });
}

function widest(cell: HTMLElement): number {
  return Math.max(...[cell, ...cell.querySelectorAll<HTMLElement>('*')].map((x) => (x === cell ? 0 : x.scrollWidth)));
}

async function copyLink(id: string): Promise<void> {
  const url = new URL(location.href);
  url.searchParams.set('record', id);
  await navigator.clipboard.writeText(url.toString());
  toast(t('common.copied'), { tone: 'success' });
}
