// Writing small filters as expression text.

/** A text literal of the expression language. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A JSON value as a literal. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return quote(String(value));
}

/** The conditions that are there, all of them to hold. */
export function allOf(...filters: (string | undefined | null)[]): string {
  const some = filters.filter((f): f is string => !!f?.trim());
  return some.length <= 1 ? (some[0] ?? '') : some.map((f) => `(${f})`).join(' and ');
}

/** That a field has a value; null asks for blank. */
export function equals(key: string, value: unknown): string {
  return `${key} == ${literal(value)}`;
}

/** The records of some ids. */
export function idsIn(ids: Iterable<string>): string {
  return `id in ${literal([...ids])}`;
}
