// Copying to and from spreadsheets: tab-separated text and an HTML table. Our
// own copies carry the values themselves, so that links and members survive.

/** What a copy of ours remembers beside the words. */
export interface RawCopy {
  app: string;
  entity: string;
  fields: string[];
  rows: unknown[][];
}

/** The cells of tab-separated text; quotes hold tabs and line breaks together. */
export function parseCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let at = 0;
  const source = text.replace(/\r\n?/g, '\n');
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  while (at < source.length) {
    const c = source[at];
    if (c === '"' && cell === '') {
      // A quoted cell ends at a quote that a separator follows; otherwise the quote is a mere character.
      const end = closing(source, at);
      if (end > 0) {
        cell = source.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
        continue;
      }
    }
    if (c === '\t') endCell();
    else if (c === '\n') endRow();
    else cell += c;
    at++;
  }
  // Spreadsheets end the last row too.
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

function closing(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] !== '"') continue;
    if (source[at + 1] === '"') at++;
    else return at + 1 >= source.length || source[at + 1] === '\t' || source[at + 1] === '\n' ? at : -1;
  }
  return -1;
}

/** Tab-separated text of cells. */
export function cellsText(rows: string[][]): string {
  return rows
    .map((row) => row.map((cell) => (/[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t'))
    .join('\n');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (c) => entities[c] ?? c);

/** An HTML table of cells, with the values themselves for our own grids. */
export function cellsHtml(rows: string[][], raw: RawCopy): string {
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell).replaceAll('\n', '<br>')}</td>`).join('')}</tr>`)
    .join('');
  return `<meta charset="utf-8"><table data-tenon="${escapeHtml(JSON.stringify(raw))}"><tbody>${body}</tbody></table>`;
}

/** The values of a copy of ours; null for anybody else's. */
export function readRaw(html: string): RawCopy | null {
  if (!html.includes('data-tenon')) return null;
  const table = new DOMParser().parseFromString(html, 'text/html').querySelector('table[data-tenon]');
  try {
    const raw = JSON.parse(table?.getAttribute('data-tenon') ?? '') as RawCopy;
    return Array.isArray(raw.rows) && Array.isArray(raw.fields) ? raw : null;
  } catch {
    return null;
  }
}

/** The cells of an HTML table, for sources that give no text. */
export function tableCells(html: string): string[][] {
  const rows = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('tr');
  return [...rows].map((row) =>
    [...row.querySelectorAll('td,th')].map((cell) => (cell.textContent ?? '').replace(/\u00a0/g, ' ').trim()),
  );
}
