// What fields may know of the page they stand on.
import { useMemo } from 'react';
import { fileUrl, uploadFile } from '@/api/queries/files';
import type { FieldContext } from '@/fields/define';
import { useLocale } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { pickerFilter } from './picker-filter';

const none: Readonly<Record<string, string>> = {};

/** The field context of this app's pages; stable while the names and the version stay. */
export function useFieldContext(names: Readonly<Record<string, string>> = none, open?: FieldContext['open']): FieldContext {
  const { appId, workspace, runtime, entity } = useApp();
  const locale = useLocale();
  return useMemo(
    () => ({
      names,
      locale,
      zone: workspace.time_zone,
      app: { id: appId, workspace: workspace.key, entity, me: runtime.me.member_id },
      pickerFilter: pickerFilter(runtime.trees, workspace.time_zone, runtime.me.member_id),
      open,
      upload: uploadFile,
      fileUrl,
    }),
    [names, locale, workspace, appId, runtime, entity, open],
  );
}
