// The layout of a form as data.
import type { Form, LayoutNode, RuntimeEntity } from '@/api/types';
import { fieldOf } from '@/fields/index';

/** All field nodes of a layout, in the order of reading. */
export function fieldNodes(nodes: readonly LayoutNode[]): LayoutNode[] {
  return nodes.flatMap((node) => {
    if (node.type === 'field') return [node];
    return [...fieldNodes(node.items ?? []), ...(node.tabs ?? []).flatMap((tab) => fieldNodes(tab.items))];
  });
}

/** Whether something of a part of the layout is there to be seen. */
export function anyVisible(nodes: readonly LayoutNode[], visible: (ref: string) => boolean): boolean {
  return nodes.some((node) => {
    switch (node.type) {
      case 'field':
        return visible(node.field ?? '');
      case 'section':
        return anyVisible(node.items ?? [], visible);
      case 'tabs':
        return (node.tabs ?? []).some((tab) => anyVisible(tab.items, visible));
      case 'divider':
        return false;
      default:
        return true;
    }
  });
}

/** The form of an entity: its default one, else the first, else all its fields in their usual widths. */
export function formFor(forms: readonly Form[], entity: RuntimeEntity): Form {
  const own = forms.filter((form) => form.entity === entity.id || form.entity === entity.key);
  return own.find((form) => form.default) ?? own[0] ?? plainForm(entity);
}

/** All forms of an entity. */
export function formsOf(forms: readonly Form[], entity: RuntimeEntity): Form[] {
  return forms.filter((form) => form.entity === entity.id || form.entity === entity.key);
}

/**
 * The form in which records are read: one that was made for reading, with
 * related lists or mostly read-only fields, else the one they are entered by.
 */
export function readingForm(forms: readonly Form[], entity: RuntimeEntity): Form {
  const made = formsOf(forms, entity).find((form) => {
    const nodes = fieldNodes(form.layout);
    return (
      holdsRelated(form.layout) || (nodes.length > 0 && nodes.filter((n) => n.read_only).length * 2 > nodes.length)
    );
  });
  return made ?? formFor(forms, entity);
}

function holdsRelated(nodes: readonly LayoutNode[]): boolean {
  return nodes.some(
    (node) =>
      node.type === 'related' ||
      holdsRelated(node.items ?? []) ||
      (node.tabs ?? []).some((tab) => holdsRelated(tab.items)),
  );
}

/** A form that nobody designed. */
export function plainForm(entity: RuntimeEntity): Form {
  return {
    id: '',
    key: '',
    entity: entity.id,
    name: entity.name,
    layout: entity.fields
      .filter((f) => f.readable)
      .map((f) => ({ type: 'field', field: f.id, width: fieldOf(f.type).span ?? 6 })),
  };
}
