// Files on their way to the server.
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import type { StoredFile } from '@/api/types';
import { t } from '@/locales';
import type { FieldContext } from './define';
import { type FileLimits, refusal } from './files';

export interface Upload {
  key: string;
  name: string;
  share: number;
  /** Why it did not arrive. */
  problem?: string;
  file: File;
  /** Address of a local preview. */
  preview?: string;
}

export interface Uploads {
  list: Upload[];
  add: (files: Iterable<File>) => void;
  cancel: (key: string) => void;
  retry: (key: string) => void;
}

/** Sends files and appends them to the value as they arrive. */
export function useUploads(
  ctx: FieldContext,
  limits: FileLimits,
  value: StoredFile[],
  onChange: (files: StoredFile[]) => void,
): Uploads {
  const [list, setList] = useState<Upload[]>([]);
  const controllers = useRef(new Map<string, AbortController>());
  // Several files arrive while the value that React knows is still the old one.
  const current = useRef(value);
  current.current = value;
  const change = useRef(onChange);
  change.current = onChange;
  const busy = ctx.busy;

  useEffect(
    () => () => {
      for (const controller of controllers.current.values()) controller.abort();
    },
    [],
  );

  const patch = (key: string, part: Partial<Upload>) =>
    setList((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: string) =>
    setList((all) => {
      const gone = all.find((one) => one.key === key);
      if (gone?.preview) URL.revokeObjectURL(gone.preview);
      return all.filter((one) => one.key !== key);
    });

  async function start(one: Upload) {
    if (!ctx.upload) return;
    const controller = new AbortController();
    controllers.current.set(one.key, controller);
    busy?.(1);
    try {
      const stored = await ctx.upload(one.file, (share) => patch(one.key, { share }), controller.signal);
      current.current = [...current.current, stored];
      change.current(current.current);
      drop(one.key);
    } catch (error) {
      if (!controller.signal.aborted) patch(one.key, { problem: asProblem(error).message });
    } finally {
      controllers.current.delete(one.key);
      busy?.(-1);
    }
  }

  return {
    list,
    add(files) {
      let room = limits.maxCount - current.current.length - list.filter((one) => !one.problem).length;
      const added = [...files].map((file): Upload => {
        const problem =
          refusal(file, limits) ?? (room-- <= 0 ? t('fields.fileCount', { n: limits.maxCount }) : undefined);
        return {
          key: crypto.randomUUID(),
          name: file.name,
          share: 0,
          file,
          problem,
          preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined,
        };
      });
      setList((all) => [...all.filter((one) => !one.problem), ...added]);
      for (const one of added) if (!one.problem) void start(one);
    },
    cancel(key) {
      controllers.current.get(key)?.abort();
      drop(key);
    },
    retry(key) {
      const one = list.find((o) => o.key === key);
      if (!one || refusal(one.file, limits)) return;
      patch(key, { problem: undefined, share: 0 });
      void start(one);
    },
  };
}
