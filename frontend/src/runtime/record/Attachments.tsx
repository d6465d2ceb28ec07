// Every file of a record, whichever field or row it belongs to.
import type { RecordData, RuntimeEntity, RuntimeField, StoredFile } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { FileCell } from '@/fields/FileCell';
import { filesOf } from '@/fields/files';
import { EmptyState } from '@/kit/EmptyState';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './RecordView.module.css';

export interface FileGroup {
  field: RuntimeField;
  name: string;
  files: StoredFile[];
}

export function fileGroups(entity: RuntimeEntity, record: RecordData): FileGroup[] {
  return entity.fields.flatMap((field): FileGroup[] => {
    if (!field.readable) return [];
    if (field.traits.holds_file) {
      const files = filesOf(record[field.key]);
      return files.length > 0 ? [{ field, name: textOf(field.name), files }] : [];
    }
    const rows = Array.isArray(record[field.key]) ? (record[field.key] as Record<string, unknown>[]) : [];
    return (field.fields ?? [])
      .filter((column) => column.traits.holds_file)
      .map((column) => ({
        field: column,
        name: `${textOf(field.name)} · ${textOf(column.name)}`,
        files: rows.flatMap((row) => filesOf(row[column.key])),
      }))
      .filter((group) => group.files.length > 0);
  });
}

export function Attachments({ groups, record, ctx }: { groups: FileGroup[]; record: RecordData; ctx: FieldContext }) {
  if (groups.length === 0) return <EmptyState compact title={t('record.noAttachments')} />;
  return (
    <div className={styles.files}>
      {groups.map((group) => (
        <section key={group.name}>
          <h3 className={styles.small}>{group.name}</h3>
          <FileCell value={group.files} field={group.field} ctx={ctx} variant="detail" record={record.id} />
        </section>
      ))}
    </div>
  );
}
