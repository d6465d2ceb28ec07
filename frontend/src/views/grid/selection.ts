// Where the keyboard is in the grid and which cells are chosen. Rows and
// columns are positions among what is shown.
export interface Spot {
  row: number;
  col: number;
}

/** A rectangle from anchor to focus; Shift moves the focus. */
export interface Selection {
  anchor: Spot;
  focus: Spot;
  /** The cell that typing goes to, where it walked away from the anchor inside the rectangle. */
  active?: Spot;
}

export interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Extent {
  rows: number;
  cols: number;
  /** Rows of one screen, for Page Up and Page Down. */
  page: number;
}

export const at = (row: number, col: number): Selection => ({ anchor: { row, col }, focus: { row, col } });

/** The rectangle between the corners, both included. */
export function boxOf({ anchor, focus }: Selection): Box {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.col, focus.col),
    right: Math.max(anchor.col, focus.col),
  };
}

export const activeOf = (selection: Selection): Spot => selection.active ?? selection.anchor;

export function single({ anchor, focus }: Selection): boolean {
  return anchor.row === focus.row && anchor.col === focus.col;
}

const clamp = (n: number, max: number) => Math.max(0, Math.min(max, n));

/** The selection kept within what is shown; null when nothing is. */
export function kept(selection: Selection | null, { rows, cols }: Extent): Selection | null {
  if (!selection || rows === 0 || cols === 0) return null;
  const spot = (s: Spot): Spot => ({ row: clamp(s.row, rows - 1), col: clamp(s.col, cols - 1) });
  return {
    anchor: spot(selection.anchor),
    focus: spot(selection.focus),
    ...(selection.active ? { active: spot(selection.active) } : {}),
  };
}

export interface Modifiers {
  shift?: boolean;
  /** Ctrl or Cmd. */
  mod?: boolean;
}

/** What an arrow or paging key does; null for other keys. */
export function moved(selection: Selection, key: string, { shift, mod }: Modifiers, extent: Extent): Selection | null {
  const from = shift ? selection.focus : activeOf(selection);
  const lastRow = extent.rows - 1;
  const lastCol = extent.cols - 1;
  let { row, col } = from;
  switch (key) {
    case 'ArrowUp':
      row = mod ? 0 : row - 1;
      break;
    case 'ArrowDown':
      row = mod ? lastRow : row + 1;
      break;
    case 'ArrowLeft':
      col = mod ? 0 : col - 1;
      break;
    case 'ArrowRight':
      col = mod ? lastCol : col + 1;
      break;
    case 'PageUp':
      row -= extent.page;
      break;
    case 'PageDown':
      row += extent.page;
      break;
    case 'Home':
      col = 0;
      if (mod) row = 0;
      break;
    case 'End':
      col = lastCol;
      if (mod) row = lastRow;
      break;
    default:
      return null;
  }
  const focus = { row: clamp(row, lastRow), col: clamp(col, lastCol) };
  return shift ? { anchor: selection.anchor, focus } : { anchor: focus, focus };
}

/** Where Tab and Enter go: within a chosen rectangle they walk through it. */
export function stepped(selection: Selection, move: 'down' | 'up' | 'left' | 'right', extent: Extent): Selection {
  if (single(selection)) {
    const key = { down: 'ArrowDown', up: 'ArrowUp', left: 'ArrowLeft', right: 'ArrowRight' }[move];
    return moved(selection, key, {}, extent) ?? selection;
  }
  const box = boxOf(selection);
  const width = box.right - box.left + 1;
  const height = box.bottom - box.top + 1;
  const { row, col } = activeOf(selection);
  const across = move === 'left' || move === 'right';
  const size = width * height;
  // Count cells in reading order for Tab, in column order for Enter.
  const place = across ? (row - box.top) * width + (col - box.left) : (col - box.left) * height + (row - box.top);
  const next = (place + (move === 'right' || move === 'down' ? 1 : -1) + size) % size;
  const spot = across
    ? { row: box.top + Math.floor(next / width), col: box.left + (next % width) }
    : { row: box.top + (next % height), col: box.left + Math.floor(next / height) };
  return { anchor: selection.anchor, focus: selection.focus, active: spot };
}

/** The cells that dragging the fill handle to a row covers: below or above the box. */
export function fillBox(box: Box, row: number): { target: Box; down: boolean } | null {
  if (row > box.bottom) return { target: { ...box, top: box.bottom + 1, bottom: row }, down: true };
  if (row < box.top) return { target: { ...box, top: row, bottom: box.top - 1 }, down: false };
  return null;
}
