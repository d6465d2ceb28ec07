import { lazy, Suspense, useRef, useState } from 'react';
import { confirm, SidePanel, SkeletonForm, toast, useHotkeys } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { inSentence, textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { formFor } from '@/runtime/form/layout';
import type { DraftState } from '@/runtime/form/use-draft';
import { useListState } from './use-list';

const RecordPanel = lazy(async () => ({ default: (await import('../record/RecordPanel')).RecordPanel }));
const NewRecord = lazy(async () => ({ default: (await import('../form/NewRecord')).NewRecord }));

/** Beside the list: the record of the address, or the form of a new one. */
export function ListPanel() {
  const { entity, path, openId, open, walk, total, creating } = useListState();
  if (creating) return <NewPanel />;
  if (!openId) return null;
  const previous = walk.current?.step(openId, -1);
  const next = walk.current?.step(openId, 1);
  const place = walk.current?.place(openId);
  return (
    <Suspense fallback={<Loading />}>
      <RecordPanel
        entity={entity}
        id={openId}
        menu={path.split('/').at(-1)}
        onClose={() => open(null)}
        onPrevious={previous ? () => open(previous) : undefined}
        onNext={next ? () => open(next) : undefined}
        position={place && total ? `${formatNumber(place)} / ${formatNumber(total)}` : undefined}
      />
    </Suspense>
  );
}

function NewPanel() {
  const { entity, start, closeCreate, ctx } = useListState();
  const { runtime } = useApp();
  const [dirty, setDirty] = useState(false);
  const draft = useRef<DraftState>(null);
  const form = formFor(runtime.forms, entity);
  // Rows are a table of their own: they need the room.
  const rows = entity.fields.some((f) => f.kind === 'rows' && f.writable);
  const title = t('list.new', { name: inSentence(textOf(entity.name)) });
  const close = async () => {
    if (
      dirty &&
      !(await confirm({
        title: t('form.leaveTitle'),
        body: t('form.leaveBody'),
        action: t('form.leave'),
        danger: true,
      }))
    )
      return;
    // Given up on purpose: the next record begins blank.
    draft.current?.clear();
    closeCreate();
  };
  useHotkeys({ esc: () => void close() });
  return (
    <SidePanel
      name={rows ? 'new-rows' : 'record'}
      width={rows ? Math.max(480, Math.min(720, Math.round(window.innerWidth / 2))) : 480}
      flush
      label={title}
      title={title}
      onClose={() => void close()}
    >
      <Suspense fallback={<SkeletonForm fields={7} />}>
        <NewRecord
          entity={entity}
          form={form}
          start={start}
          // A record begun on a day or in a column is not the one that was left behind.
          keep={!start}
          draftRef={draft}
          names={{ ...ctx.names }}
          onDirty={setDirty}
          onCancel={() => void close()}
          onSaved={(record, again) => {
            toast(t('record.savedName', { name: record._title || textOf(entity.name) }), { tone: 'success' });
            if (!again) closeCreate();
          }}
        />
      </Suspense>
    </SidePanel>
  );
}

function Loading() {
  const { entity, open } = useListState();
  return (
    <SidePanel
      name="record"
      width={480}
      label={textOf(entity.name)}
      title={textOf(entity.name)}
      onClose={() => open(null)}
    >
      <SkeletonForm fields={7} />
    </SidePanel>
  );
}
