import { useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import { downloadExport, type ExportFormat } from '@/api/queries/records';
import { Button, Checkbox, Dialog, Notice, Progress, RadioGroup, SearchInput, Segmented, Switch, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { shownColumns } from '@/views/grid/columns';
import { pickedCount } from '@/views/shared/row-pick';
import { allFields, findField } from '@/views/shared/system';
import styles from './list.module.css';
import type { ListState } from './use-list';
import { sortText } from './views';

type Rows = 'picked' | 'found' | 'all';
type Which = 'shown' | 'all' | 'some';

/** Which records go into a file, with which fields, for people or for programs. */
export function ExportDialog({ list, picked, onClose }: { list: ListState; picked?: boolean; onClose: () => void }) {
  const { appId, entity, config, query, pick, total } = list;
  const narrowed = query.filter !== '' || query.search !== '';
  const fields = allFields(entity).filter((f) => f.readable);
  const shown = shownColumns(entity, config)
    .map((c) => findField(entity, c.field)?.key)
    .filter((key): key is string => !!key);
  const [format, setFormat] = useState<ExportFormat>('xlsx');
  const [rows, setRows] = useState<Rows>(picked ? 'picked' : 'found');
  const [which, setWhich] = useState<Which>('shown');
  const [chosen, setChosen] = useState<string[]>(shown);
  const [search, setSearch] = useState('');
  const [plain, setPlain] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const stop = useRef<AbortController>(null);
  const needle = search.trim().toLowerCase();
  const keys = which === 'shown' ? shown : which === 'some' ? chosen : undefined;
  const count = pickedCount(pick, total ?? 0);

  async function run() {
    setBusy(true);
    setFault(null);
    const aborting = new AbortController();
    stop.current = aborting;
    const whole = rows === 'all';
    const some = rows === 'picked' && !pick.all ? [...pick.ids] : undefined;
    try {
      await downloadExport(
        { app: appId, entity: entity.key },
        {
          format,
          filter: whole || some ? undefined : query.filter,
          search: whole || some ? undefined : query.search,
          sort: sortText(query.sort, entity),
          fields: keys,
          ids: some,
          except: rows === 'picked' && pick.all && pick.except.size > 0 ? [...pick.except] : undefined,
          keys: plain && format !== 'ndjson' ? true : undefined,
        },
        aborting.signal,
      );
      toast(t('list.exported'), { tone: 'success' });
      onClose();
    } catch (error) {
      if (!aborting.signal.aborted) setFault(asProblem(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      opened
      sticky={busy}
      onClose={() => {
        stop.current?.abort();
        onClose();
      }}
      title={t('list.exportTitle', { name: textOf(entity.name) })}
      onSubmit={() => void run()}
      footer={
        <>
          <Button onClick={busy ? () => stop.current?.abort() : onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={busy} disabled={keys?.length === 0}>
            {t('list.export')}
          </Button>
        </>
      }
    >
      {fault && <Notice tone="danger">{fault}</Notice>}
      <Segmented<ExportFormat>
        block
        aria-label={t('list.exportFormat')}
        value={format}
        onChange={setFormat}
        options={[
          { value: 'xlsx', label: 'Excel', icon: 'excel' },
          { value: 'csv', label: 'CSV', icon: 'table' },
          { value: 'ndjson', label: 'NDJSON', icon: 'json' },
        ]}
      />
      <RadioGroup<Rows>
        vertical
        label={t('list.exportRows')}
        value={rows}
        onChange={setRows}
        options={[
          ...(picked ? [{ value: 'picked' as const, label: t('list.exportPicked', { n: count }) }] : []),
          {
            value: 'found',
            label: narrowed ? t('list.exportFound') : t('list.exportView'),
            help: total === null ? undefined : t('list.count', { n: total }),
          },
          ...(narrowed ? [{ value: 'all' as const, label: t('list.exportAll') }] : []),
        ]}
      />
      <RadioGroup<Which>
        vertical
        label={t('list.exportFields')}
        value={which}
        onChange={setWhich}
        options={[
          { value: 'shown', label: t('list.exportShown', { n: shown.length }) },
          { value: 'all', label: t('list.exportAllFields') },
          { value: 'some', label: t('list.exportSome', { n: chosen.length }) },
        ]}
      />
      {which === 'some' && (
        <fieldset className={styles.exportFields} aria-label={t('list.exportFields')}>
          {fields.length > 12 && (
            <SearchInput
              size="sm"
              value={search}
              onChange={setSearch}
              placeholder={t('list.exportSearch')}
              aria-label={t('list.exportSearch')}
            />
          )}
          <div className={styles.exportList}>
            {fields
              .filter((f) => `${textOf(f.name)} ${f.key}`.toLowerCase().includes(needle))
              .map((f) => (
                <Checkbox
                  key={f.id}
                  checked={chosen.includes(f.key)}
                  onChange={(on) => setChosen(on ? [...chosen, f.key] : chosen.filter((key) => key !== f.key))}
                  label={textOf(f.name)}
                />
              ))}
          </div>
        </fieldset>
      )}
      {format !== 'ndjson' && (
        <Switch checked={plain} onChange={setPlain} label={t('list.exportKeys')} help={t('list.exportKeysHelp')} />
      )}
      {format === 'ndjson' && <p className={styles.exportNote}>{t('list.exportLines')}</p>}
      {busy && <Progress label={t('list.exporting')} />}
    </Dialog>
  );
}
