// Every field type, found by its folder. To add one, add a folder.
import { type FieldType, isEmpty } from './define';

const modules = import.meta.glob<{ default: FieldType }>('./*/index.ts', { eager: true });

const types = new Map<string, FieldType>();
for (const module of Object.values(modules)) types.set(module.default.type, module.default);

/** The names of all types. */
export function fieldTypes(): string[] {
  return [...types.keys()].sort();
}

/** A type by name. Definitions of a newer server may name one that this page does not know: it is shown as text. */
export function fieldOf(type: string): FieldType {
  return types.get(type) ?? unknownType;
}

/** Downloads the controls of some types at once, before they are rendered one by one. */
export function preloadInputs(names: Iterable<string>): Promise<unknown> {
  return Promise.all([...new Set(names)].map((name) => fieldOf(name).Input.preload?.()));
}

/** Whether the controls of all these types are there. */
export function inputsReady(names: Iterable<string>): boolean {
  return [...new Set(names)].every((name) => fieldOf(name).Input.ready?.() ?? true);
}

const unknownType: FieldType = {
  type: '',
  icon: 'text',
  Input: () => null,
  Cell: ({ value }) => (isEmpty(value) ? null : plain(value)),
  format: (value) => (isEmpty(value) ? '' : plain(value)),
  empty: null,
};

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export * from './define';
