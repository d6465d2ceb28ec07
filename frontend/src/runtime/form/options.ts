// What a form of a published app starts from.
import { evaluateRecord } from '@/api/queries/records';
import type { Form, RecordData, RuntimeEntity } from '@/api/types';
import type { AppContext } from '@/runtime/app/context';
import { formFor } from './layout';
import type { FormOptions } from './model';

export function formOptions(
  app: AppContext,
  entity: RuntimeEntity,
  more: { form?: Form; record?: RecordData | null; start?: Record<string, unknown>; params?: URLSearchParams } = {},
): FormOptions {
  const { runtime, workspace, appId } = app;
  // Newer servers name the member's departments.
  const me: typeof runtime.me & { departments?: string[] } = runtime.me;
  return {
    entity,
    form: more.form ?? formFor(runtime.forms, entity),
    trees: runtime.trees,
    env: {
      zone: workspace.time_zone,
      me: me.member_id,
      departments: me.departments,
      roles: me.roles,
      settings: runtime.params,
    },
    record: more.record,
    start: more.start,
    params: more.params,
    target: app.entity,
    evaluate: (values, signal) => evaluateRecord({ app: appId, entity: entity.key }, values, more.record?.id, signal),
  };
}
