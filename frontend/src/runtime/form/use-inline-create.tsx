// Making a linked record on the spot, in a panel over the form.
import { type ReactNode, useCallback, useState } from 'react';
import type { RecordData } from '@/api/types';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { NewRecord } from './NewRecord';

interface Asked {
  entity: string;
  start: Record<string, unknown>;
  names?: Record<string, string>;
  answer: (record: RecordData | null) => void;
}

export interface InlineCreate {
  create: (
    entity: string,
    start: Record<string, unknown>,
    names?: Record<string, string>,
  ) => Promise<RecordData | null>;
  /** Place this where the panel may appear. */
  host: ReactNode;
}

export function useInlineCreate(): InlineCreate {
  const { entity: find } = useApp();
  const [asked, setAsked] = useState<Asked | null>(null);
  const create = useCallback(
    (entity: string, start: Record<string, unknown>, names?: Record<string, string>) =>
      new Promise<RecordData | null>((answer) => setAsked({ entity, start, names, answer })),
    [],
  );
  const entity = asked ? find(asked.entity) : undefined;
  const finish = (record: RecordData | null) => {
    asked?.answer(record);
    setAsked(null);
  };
  const host = (
    <Drawer
      flush
      opened={!!entity}
      onClose={() => finish(null)}
      width={520}
      title={entity ? t('form.newTitle', { name: textOf(entity.name) }) : ''}
    >
      {entity && asked && (
        <NewRecord
          entity={entity}
          start={asked.start}
          names={asked.names}
          onSaved={(record) => finish(record)}
          onCancel={() => finish(null)}
        />
      )}
    </Drawer>
  );
  return { create, host };
}
