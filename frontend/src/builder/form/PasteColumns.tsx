import { useMemo, useState } from 'react';
import type { Field, Json } from '@/api/types';
import { Button, Dialog, IconButton, Select, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useFieldContext } from '@/runtime/form/context';
import { addFields, makeField } from '../commands/fields';
import { useBuilder } from '../context';
import { choicesOfLines } from '../panel/ChoicesEditor';
import { defaultSlot, now, select, useDesigner, useDesignerState } from './designer';
import styles from './PasteColumns.module.css';
import { cellsOf, guessType } from './paste';

/** Cells of a spreadsheet were pasted: shows the fields they would become. */
export function PasteColumns() {
  const text = useDesignerState((s) => s.pasting);
  return text === null ? null : <Asking key={text} text={text} />;
}

interface Row {
  name: string;
  type: string;
  sample: string;
  choices?: string[];
}

function Asking({ text }: { text: string }) {
  const designer = useDesigner();
  const { parts, store } = useBuilder();
  const ctx = useFieldContext();
  const start = useMemo<Row[]>(() => {
    const cells = cellsOf(text);
    // One column of words without a second one is a list of names.
    const upright = cells.every((row) => row.length === 1) && cells.length > 1;
    const names = upright ? cells.map((row) => row[0] ?? '') : (cells[0] ?? []);
    return names
      .map((name, i) => {
        const samples = upright ? [] : cells.slice(1, 200).map((row) => row[i] ?? '');
        return { name, sample: samples.find((s) => s !== '') ?? '', ...guessType(samples, parts, ctx) };
      })
      .filter((row) => row.name !== '');
  }, [text, parts, ctx]);
  const [rows, setRows] = useState(start);
  const close = () => designer.ui.setState({ pasting: null });
  const types = [...parts.fields.values()]
    .filter((p) => !p.traits.computed && p.kind !== 'rows' && !p.traits.holds_ref)
    .map((p) => ({ value: p.name, label: textOf(p.label), icon: p.icon }));

  function create() {
    const current = now(designer);
    if (!current) return close();
    const made: Field[] = [];
    for (const row of rows) {
      const part = parts.fields.get(row.type);
      if (!part || row.name.trim() === '') continue;
      const field = makeField(part, [...current.entity.fields, ...made], row.name.trim());
      if (row.choices && field.options?.choices)
        field.options = { ...field.options, choices: choicesOfLines(row.choices.join('\n'), []) as unknown as Json };
      made.push(field);
    }
    const slot = defaultSlot(designer);
    store.change(t('build.did.pasteColumns', { n: made.length }), (docs) => {
      addFields(docs, { entity: designer.entity, form: designer.form, slot }, made);
    });
    close();
    select(
      designer,
      made.map((f) => `f:${f.id}`),
    );
  }

  return (
    <Dialog
      opened
      onClose={close}
      size="lg"
      title={t('build.paste.title')}
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={rows.length === 0} onClick={create}>
            {t('build.paste.create', { n: rows.length })}
          </Button>
        </>
      }
    >
      <p className={styles.help}>{t('build.paste.help')}</p>
      <ul className={styles.rows}>
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their order
          <li key={i} className={styles.row}>
            <TextInput
              size="sm"
              aria-label={t('build.field.name')}
              value={row.name}
              onChange={(name) => setRows(rows.map((r, j) => (j === i ? { ...r, name } : r)))}
            />
            <Select
              size="sm"
              aria-label={t('build.field.type')}
              options={types}
              value={row.type}
              onChange={(type) => type && setRows(rows.map((r, j) => (j === i ? { ...r, type } : r)))}
            />
            <span className={styles.sample} title={row.sample}>
              {row.sample}
            </span>
            <IconButton
              size="sm"
              icon="x"
              label={t('common.removeItem', { name: row.name })}
              onClick={() => setRows(rows.filter((_, j) => j !== i))}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
