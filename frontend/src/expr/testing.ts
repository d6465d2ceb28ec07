// What the tests that compare this evaluator with the server's need beside the
// public face of the module.
import { Day, Instant } from './civil';
import { Dec } from './decimal';
import { Json, type Kind, Rows, type Value } from './value';

export * from './index';
export { toJson } from './value';

/** The kind of a value; ids are texts here. */
export function kindOf(v: Value): Kind {
  if (v === null) return 'null';
  if (v instanceof Dec) return 'number';
  if (v instanceof Day) return 'date';
  if (v instanceof Instant) return 'time';
  if (v instanceof Rows) return 'rows';
  if (v instanceof Json) return 'object';
  return Array.isArray(v) ? 'list' : typeof v === 'boolean' ? 'bool' : 'text';
}
