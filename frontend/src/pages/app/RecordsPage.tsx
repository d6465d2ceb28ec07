import type { RuntimeEntity, View } from '@/api/types';
import { usePhone } from '@/kit';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import type { Entry } from '@/runtime/app/menu';
import { ListActions, ListBody, ListProvider, ListToolbar, useList, ViewTabs } from '@/runtime/list';
import { Page } from '../shell/Page';

/** The records of an entity: views, filters, and the record in a panel. */
export function RecordsPage({ entry, entity, view }: { entry: Entry; entity: RuntimeEntity; view?: View }) {
  const { app, base } = useApp();
  const phone = usePhone();
  const list = useList(entity, `${base}/${entry.slug ?? entity.key}`, view);
  return (
    <ListProvider value={list}>
      <Page
        flush
        crumbs={[{ label: textOf(app.name), to: base }, { label: textOf(entry.item.name) }]}
        actions={<ListActions />}
        toolbar={
          entity.ops.includes('read') && (
            <>
              {!phone && <ViewTabs />}
              <ListToolbar />
            </>
          )
        }
      >
        <ListBody />
      </Page>
    </ListProvider>
  );
}
