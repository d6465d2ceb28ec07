import { useState } from 'react';
import type { RecordData } from '@/api/types';
import { fieldOf } from '@/fields';
import type { FieldContext } from '@/fields/define';
import { Button, Dialog } from '@/kit';
import { t } from '@/locales';

/** Asks for the day of a record: moving it without dragging. */
export function ScheduleDialog({
  record,
  day,
  ctx,
  onClose,
  onSave,
}: {
  record: RecordData;
  day: string | null;
  ctx: FieldContext;
  onClose: () => void;
  onSave: (day: string | null) => void;
}) {
  const [value, setValue] = useState<string | null>(day);
  const { Input } = fieldOf('date');
  return (
    <Dialog
      opened
      size="sm"
      title={record._title || t('list.scheduleOn')}
      onClose={onClose}
      onSubmit={() => onSave(value)}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary">
            {t('common.save')}
          </Button>
        </>
      }
    >
      <Input
        label={t('list.scheduleOn')}
        value={value as never}
        onChange={setValue as never}
        field={{
          id: 'on',
          key: 'on',
          name: '',
          type: 'date',
          kind: 'date',
          traits: {},
          readable: true,
          writable: true,
        }}
        ctx={ctx}
      />
    </Dialog>
  );
}
