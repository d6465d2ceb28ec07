import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { keys } from '@/api/keys';
import type { RecordData, RuntimeEntity } from '@/api/types';
import type { FieldContext } from '@/fields';
import { usePhone } from '@/kit';
import { AppProvider, useApp } from '@/runtime/app/context';
import { RecordButtons } from '@/runtime/record/RecordButtons';

/** The buttons that a widget offers on its records: those it names, in its order. */
export function WidgetButtons({
  entity,
  record,
  rules,
  ctx,
}: {
  entity: RuntimeEntity;
  record: RecordData;
  rules: string[];
  ctx: FieldContext;
}) {
  const { workspace, app, runtime, appId } = useApp();
  const client = useQueryClient();
  const phone = usePhone();
  const narrowed = useMemo(() => {
    const buttons = rules.flatMap((ref) => runtime.buttons.filter((b) => b.id === ref || b.key === ref));
    return { ...runtime, buttons };
  }, [runtime, rules]);
  return (
    <AppProvider workspace={workspace} app={app} runtime={narrowed}>
      <RecordButtons
        entity={entity}
        record={record}
        ctx={ctx}
        shown={phone ? 2 : 1}
        onRecord={() => void client.invalidateQueries({ queryKey: keys.widgets(appId) })}
      />
    </AppProvider>
  );
}
