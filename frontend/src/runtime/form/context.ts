// What fields may know of the page they stand on.
import { useMemo } from 'react';
import { get, upload } from '@/api/client';
import { fileUrl } from '@/api/queries/files';
import { recordsPath } from '@/api/queries/records';
import type { RecordData, Runtime, RuntimeField, StoredFile } from '@/api/types';
import type { FieldApp, FieldContext } from '@/fields/define';
import { useLocale } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { pickerFilter } from './picker-filter';

const none: Readonly<Record<string, string>> = {};

/** Finds the field behind a lookup or rollup. */
function sources(runtime: Runtime): FieldApp['source'] {
  const fields = new Map<string, RuntimeField>();
  for (const entity of runtime.entities) {
    for (const field of entity.fields) {
      for (const one of [field, ...(field.fields ?? [])]) fields.set(one.id, one);
    }
  }
  return (field) => {
    const ref = field.options?.field;
    if (typeof ref !== 'string') return undefined;
    const found = fields.get(ref);
    return found?.readable ? found : undefined;
  };
}

/** The field context of this app's pages; stable while the names and the version stay. */
export function useFieldContext(
  names: Readonly<Record<string, string>> = none,
  more?: Partial<Pick<FieldContext, 'open' | 'learn' | 'busy'>> & Pick<Partial<FieldApp>, 'create'>,
): FieldContext {
  const { appId, workspace, runtime, entity } = useApp();
  const locale = useLocale();
  const source = useMemo(() => sources(runtime), [runtime]);
  const { open, learn, busy, create } = more ?? {};
  return useMemo(
    () => ({
      names,
      locale,
      zone: workspace.time_zone,
      app: {
        id: appId,
        workspace: workspace.key,
        entity,
        me: runtime.me.member_id,
        source,
        load: (target: string, id: string) => {
          const key = entity(target)?.key ?? target;
          return get<RecordData & { _names?: Record<string, string> }>(
            `${recordsPath({ app: appId, entity: key })}/${id}`,
          );
        },
        create,
      },
      pickerFilter: pickerFilter(runtime.trees, workspace.time_zone, runtime.me.member_id),
      open,
      learn,
      busy,
      upload: (file, onProgress, signal) => {
        const body = new FormData();
        body.set('file', file, file.name);
        // A member of several workspaces says which one the file belongs to.
        return upload<StoredFile>(`/files?app=${encodeURIComponent(appId)}`, body, onProgress, signal);
      },
      fileUrl,
    }),
    [names, locale, workspace, appId, runtime, entity, source, open, learn, busy, create],
  );
}
