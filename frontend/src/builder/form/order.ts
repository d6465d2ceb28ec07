import type { FieldPart, Parts } from '../parts';

// What people reach for first stands first; the server knows no such order.
const first = (
  'text long_text number money percent select multi_select boolean date datetime member members ' +
  'department departments phone email attachment image url rating tags rich_text signature ' +
  'link links subform formula serial lookup rollup address location json'
).split(' ');
const rank = (part: FieldPart) => first.indexOf(part.name) + 1 || first.length + 1;

/** The field types in the order people look for them. */
export function byUse(parts: Parts): FieldPart[] {
  return [...parts.fields.values()].sort((a, b) => rank(a) - rank(b));
}
