// What was entered and not saved, kept in this browser: a closed tab, an empty
// battery or a lost session cost nobody their work.
import { useEffect, useRef, useState } from 'react';
import type { FormModel, StoredDraft } from './model';

const prefix = 'tenon.draft.';
const lifetime = 30 * 86_400_000;
const delay = 400;

function read(key: string): StoredDraft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(prefix + key) ?? 'null') as StoredDraft | null;
    if (!draft || typeof draft.values !== 'object') return null;
    if (Date.now() - Date.parse(draft.at) > lifetime) {
      localStorage.removeItem(prefix + key);
      return null;
    }
    return Object.keys(draft.values).length > 0 ? draft : null;
  } catch {
    return null;
  }
}

export interface DraftState {
  /** restored: taken back by itself; found: waits for an answer. */
  state: 'none' | 'restored' | 'found';
  at: string;
  /** The record was saved by somebody since. */
  stale: boolean;
  restore: () => void;
  drop: () => void;
  /** Forgets the draft: the record is saved. */
  clear: () => void;
}

/**
 * Keeps a draft under a key while the form has changes. A new record takes its
 * draft back by itself; for an existing one the reader is asked. The key says
 * whose draft it is, since browsers are shared. Without a key nothing is kept.
 */
export function useDraft(model: FormModel, key: string | null, auto: boolean): DraftState {
  const [found, setFound] = useState<StoredDraft | null>(null);
  const [state, setState] = useState<DraftState['state']>('none');
  const clearing = useRef(false);

  useEffect(() => {
    if (key === null) return;
    const draft = read(key);
    if (draft && auto) {
      model.restore(draft);
      setFound(draft);
      setState('restored');
    } else if (draft) {
      setFound(draft);
      setState('found');
    } else {
      setFound(null);
      setState('none');
    }
  }, [model, key, auto]);

  useEffect(() => {
    if (key === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const store = () => {
      timer = undefined;
      try {
        // What was given up stays so while the form is still on its way out.
        if (!clearing.current && model.formState().dirty)
          localStorage.setItem(prefix + key, JSON.stringify(model.draft()));
      } catch {
        // A full or forbidden storage: the form works without drafts.
      }
    };
    const stop = model.subscribeAny(() => {
      clearing.current = false;
      if (timer === undefined) timer = setTimeout(store, delay);
    });
    const leave = () => {
      if (timer !== undefined) {
        clearTimeout(timer);
        store();
      }
    };
    window.addEventListener('pagehide', leave);
    return () => {
      stop();
      window.removeEventListener('pagehide', leave);
      if (!clearing.current) leave();
      clearTimeout(timer);
    };
  }, [model, key]);

  const clear = () => {
    clearing.current = true;
    if (key !== null) localStorage.removeItem(prefix + key);
    setFound(null);
    setState('none');
  };
  return {
    state,
    at: found?.at ?? '',
    stale: found?.rev !== undefined && model.rev !== undefined && found.rev !== model.rev,
    restore: () => {
      if (found) model.restore(found);
      setState('none');
    },
    drop: () => {
      if (state === 'restored') model.reset();
      clear();
    },
    clear,
  };
}
