import { useRef } from 'react';
import { useReadyMappings } from '@/api/queries/imports';
import type { RuntimeEntity } from '@/api/types';
import { Button, Menu, toast } from '@/kit';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type About, type Draft, draftOf, lackingColumns, mappingOf, readMapping, type Table } from './mapping';

/** Mappings of the template and of files, and the one on the screen as a file. */
export function ReadyMappings({
  app,
  entity,
  table,
  draft,
  about,
  onUse,
}: {
  app: string;
  entity: RuntimeEntity;
  table: Table;
  draft: Draft;
  about: About;
  onUse: (draft: Draft, about: About) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const shipped = useReadyMappings({ app, entity: entity.key }).data ?? [];

  async function open(file: File) {
    const read = readMapping(await file.text());
    if (!read) {
      toast(t('transfer.readyNot'), { tone: 'danger' });
      return;
    }
    const of = read.mapping.entity;
    if (of && of !== entity.key && of !== entity.id) {
      toast(t('transfer.readyOther', { name: of }), { tone: 'danger' });
      return;
    }
    if (read.unknown.length > 0) toast(t('transfer.readyUnknown', { names: formatList(read.unknown) }));
    onUse(draftOf(read.mapping), { name: file.name, ...read.about });
  }

  function save() {
    const text = JSON.stringify({ ...about, ...mappingOf(draft, entity.key) }, null, 2);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: 'application/json' }));
    link.download = `${about.key ?? entity.key}.json`;
    link.click();
    // The download has its own hold on the content by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  return (
    <>
      <Menu
        position="bottom-end"
        width={320}
        items={[
          ...shipped.map((m) => {
            const lacks = lackingColumns(table.columns, m);
            return {
              label: textOf(m.name),
              icon: 'template' as const,
              description: lacks.length > 0 ? t('transfer.readyLacks', { names: formatList(lacks) }) : undefined,
              disabled: lacks.length > 0,
              onSelect: () => onUse(draftOf(m), { key: m.key, name: m.name, help: m.help, examples: m.examples }),
            };
          }),
          shipped.length > 0 && { divider: true as const },
          { label: t('transfer.readyFromFile'), icon: 'upload', onSelect: () => input.current?.click() },
          { label: t('transfer.readySave'), icon: 'download', onSelect: save },
        ]}
      >
        <Button size="sm" icon="template">
          {t('transfer.ready')}
        </Button>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,application/json"
        aria-label={t('transfer.readyFromFile')}
        onChange={(e) => {
          const file = e.target.files?.[0];
          // The same file may be chosen again.
          e.target.value = '';
          if (file) void open(file);
        }}
      />
    </>
  );
}
