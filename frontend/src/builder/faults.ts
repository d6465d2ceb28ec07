// The faults of the draft at a place: what the server said of it after the last save.
import { useMemo } from 'react';
import type { Entity, FaultItem } from '@/api/types';
import { useDraftState } from './context';
import { type Place, parsePlace } from './model';

const text = (place: Place) => `${place.doc}/${place.path.join('/')}`;

/** The faults at a place and below it. */
export function faultsUnder(faults: readonly FaultItem[], place: Place): FaultItem[] {
  const wanted = text(place);
  return faults.filter((fault) => {
    const at = text(parsePlace(fault.path));
    return at === wanted || at.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`);
  });
}

/** The first message about each field and column of an entity, by their ids. A column's is its sub-form's too. */
export function fieldFaults(faults: readonly FaultItem[], entity: Entity): Map<string, string> {
  const out = new Map<string, string>();
  for (const fault of faults) {
    const { doc, path } = parsePlace(fault.path);
    const field = doc === entity.id && path[0] === 'fields' ? entity.fields[Number(path[1])] : undefined;
    const column = field && path[2] === 'fields' ? field.fields?.[Number(path[3])] : undefined;
    for (const one of [field, column]) if (one && !out.has(one.id)) out.set(one.id, fault.message);
  }
  return out;
}

/** Finds the first message at a path below a place. */
export function useFaults(place: Place | undefined): (path: (string | number)[]) => string | undefined {
  const faults = useDraftState((s) => s.faults);
  const doc = place?.doc;
  const base = place ? place.path.join('/') : '';
  return useMemo(() => {
    const own = faults.map((fault) => ({ fault, at: parsePlace(fault.path) })).filter(({ at }) => at.doc === doc);
    return (path) => {
      const wanted = [base, ...path].filter((p) => p !== '').join('/');
      return own.find(({ at }) => {
        const here = at.path.join('/');
        return here === wanted || here.startsWith(`${wanted}/`);
      })?.fault.message;
    };
  }, [faults, doc, base]);
}
