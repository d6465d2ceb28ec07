/** Data as text; '' for nothing. */
export function jsonText(value: unknown, pretty: boolean): string {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, pretty ? 2 : undefined);
}

/** Typed data: null for blank, undefined when it cannot be read. */
export function readJson(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
