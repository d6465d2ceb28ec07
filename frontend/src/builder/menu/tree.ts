// Changes of an app's menu: entries in groups, addressed by id.
import type { AppInfo, MenuItem } from '@/api/types';

export interface MenuSlot {
  /** The group; null for the top. */
  group: string | null;
  index: number;
}

export function findItem(
  items: MenuItem[],
  id: string,
  group: string | null = null,
): { item: MenuItem; slot: MenuSlot } | undefined {
  for (const [index, item] of items.entries()) {
    if (item.id === id) return { item, slot: { group, index } };
    const found = item.items && findItem(item.items, id, item.id);
    if (found) return found;
  }
  return undefined;
}

const copy = (items: MenuItem[]): MenuItem[] => JSON.parse(JSON.stringify(items)) as MenuItem[];

function listOf(items: MenuItem[], group: string | null): MenuItem[] | undefined {
  return group === null ? items : findItem(items, group)?.item.items;
}

export function insertItem(items: MenuItem[], slot: MenuSlot, item: MenuItem): MenuItem[] {
  const next = copy(items);
  listOf(next, slot.group)?.splice(slot.index, 0, item);
  return next;
}

/** Removes an entry; what a group holds takes its place. */
export function removeItem(items: MenuItem[], id: string): MenuItem[] {
  const next = copy(items);
  const found = findItem(next, id);
  if (found) listOf(next, found.slot.group)?.splice(found.slot.index, 1, ...(found.item.items ?? []));
  return next;
}

/** Moves an entry. Groups stand at the top only. */
export function moveItem(items: MenuItem[], id: string, slot: MenuSlot): MenuItem[] {
  const found = findItem(items, id);
  if (!found || slot.group === id || (found.item.items && slot.group !== null)) return items;
  const next = copy(items);
  const mine = findItem(next, id);
  const from = mine && listOf(next, mine.slot.group);
  const to = listOf(next, slot.group);
  if (!mine || !from || !to) return items;
  from.splice(mine.slot.index, 1);
  to.splice(from === to && mine.slot.index < slot.index ? slot.index - 1 : slot.index, 0, mine.item);
  return next;
}

/** One place up or down, into and out of groups. */
export function nudgeItem(items: MenuItem[], id: string, by: -1 | 1): MenuItem[] {
  const found = findItem(items, id);
  if (!found) return items;
  const { group, index } = found.slot;
  const list = group === null ? items : (findItem(items, group)?.item.items ?? []);
  const neighbour = list[index + by];
  if (neighbour) {
    if (neighbour.items && !found.item.items)
      return moveItem(items, id, { group: neighbour.id, index: by < 0 ? neighbour.items.length : 0 });
    return moveItem(items, id, { group, index: by < 0 ? index - 1 : index + 2 });
  }
  const around = group === null ? undefined : findItem(items, group);
  return around
    ? moveItem(items, id, { group: around.slot.group, index: by < 0 ? around.slot.index : around.slot.index + 1 })
    : items;
}

export function patchItem(items: MenuItem[], id: string, change: (item: MenuItem) => void): MenuItem[] {
  const next = copy(items);
  const found = findItem(next, id);
  if (found) {
    change(found.item);
    for (const key of Object.keys(found.item) as (keyof MenuItem)[])
      if (found.item[key] === undefined || found.item[key] === '') if (key !== 'name') delete found.item[key];
  }
  return next;
}

type Menu = Pick<AppInfo, 'menu' | 'light_menu'>;

/** Whether an entry, or the group around it, is left out of the short menu unless it is named there. */
function leftOut(items: MenuItem[], id: string, own = true): boolean {
  const found = findItem(items, id);
  const around = found?.slot.group && findItem(items, found.slot.group)?.item;
  return (own && !!found?.item.advanced) || (!!around && !!around.advanced);
}

/** Whether members see the entry in the short menu. */
export function inShortMenu({ menu = [], light_menu = [] }: Menu, id: string): boolean {
  return light_menu.includes(id) || !leftOut(menu, id);
}

/** Takes an entry into the short menu or out of it. */
export function setInShortMenu({ menu = [], light_menu = [] }: Menu, id: string, on: boolean): Required<Menu> {
  const rest = light_menu.filter((one) => one !== id);
  return {
    menu: patchItem(menu, id, (item) => {
      item.advanced = on ? undefined : true;
    }),
    light_menu: on && leftOut(menu, id, false) ? [...rest, id] : rest,
  };
}
