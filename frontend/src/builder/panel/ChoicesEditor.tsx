import { useRef, useState } from 'react';
import type { Choice, Hue, Json } from '@/api/types';
import {
  Button,
  composing,
  Dialog,
  FieldFrame,
  hues,
  hueVars,
  IconButton,
  Menu,
  Popover,
  Tag,
  Textarea,
  TextInput,
} from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { HueDots } from '@/runtime/IconHueField';
import { moved, Sortable } from '../dnd/Sortable';
import { slug } from '../ids';
import styles from './ChoicesEditor.module.css';

// New choices take the hues in turn, quiet ones last.
const turn: Hue[] = [
  'blue',
  'green',
  'amber',
  'violet',
  'cyan',
  'red',
  'jade',
  'pink',
  'orange',
  'indigo',
  'lime',
  'gray',
];

/** A key for a new choice: the label's own words, else a number. */
export function choiceKey(label: string, taken: ReadonlySet<string>): string {
  const base = slug(label);
  if (base && !taken.has(base)) return base;
  for (let n = taken.size + 1; ; n++) {
    const key = base ? `${base}_${n}` : `o${n}`;
    if (!taken.has(key)) return key;
  }
}

/** The choices of a list of lines: those that are there keep their key and hue. */
export function choicesOfLines(text: string, before: readonly Choice[]): Choice[] {
  const labels = [...new Set(text.split(/\r?\n|\t/).map((line) => line.trim()))].filter(Boolean);
  const taken = new Set(before.map((c) => c.key));
  return labels.map((label, i) => {
    const known = before.find((c) => textOf(c.label) === label);
    if (known) return known;
    const key = choiceKey(label, taken);
    taken.add(key);
    return { key, label, hue: turn[i % turn.length] };
  });
}

export interface ChoicesEditorProps {
  label: string;
  help?: string;
  error?: string;
  value: Json | undefined;
  onChange: (value: Json) => void;
}

/** The choices of a select: label, hue, order, and which are out of use. */
export function ChoicesEditor({ label, help, error, value, onChange }: ChoicesEditorProps) {
  const choices = (Array.isArray(value) ? value : []) as unknown as Choice[];
  const [bulk, setBulk] = useState<string | null>(null);
  const [detail, setDetail] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const set = (next: Choice[]) => onChange(next as unknown as Json);
  const edit = (key: string, change: Partial<Choice>) =>
    set(choices.map((c) => (c.key === key ? { ...c, ...change } : c)));

  function add(words = '', after?: number) {
    const key = choiceKey('', new Set(choices.map((c) => c.key)));
    const next = [...choices];
    const at = after === undefined ? choices.length : after + 1;
    next.splice(at, 0, {
      key,
      label: words || t('build.designer.choice', { n: choices.length + 1 }),
      hue: turn[choices.length % turn.length],
    });
    set(next);
    requestAnimationFrame(() => {
      const input = list.current?.querySelectorAll<HTMLInputElement>('input[data-choice]')[at];
      input?.focus();
      input?.select();
    });
  }

  return (
    <FieldFrame
      label={label}
      help={help}
      error={error}
      group="group"
      aside={
        <Button size="sm" variant="plain" onClick={() => setBulk(choices.map((c) => textOf(c.label)).join('\n'))}>
          {t('build.choices.bulk')}
        </Button>
      }
    >
      {() => (
        <div ref={list} className={styles.box}>
          <Sortable
            label={label}
            items={choices}
            keyOf={(c) => c.key}
            nameOf={(c) => textOf(c.label)}
            onMove={(from, to) => set(moved(choices, from, to))}
            render={(choice, i) => (
              <>
                <Popover
                  width={236}
                  label={t('build.color')}
                  target={
                    <button
                      type="button"
                      className={styles.dot}
                      style={hueVars(choice.hue)}
                      aria-label={t('build.choices.colorOf', { name: textOf(choice.label) })}
                    />
                  }
                >
                  {(close) => (
                    <HueDots
                      value={choice.hue}
                      onChange={(hue) => {
                        edit(choice.key, { hue });
                        close();
                      }}
                    />
                  )}
                </Popover>
                <input
                  data-choice
                  className={styles.input}
                  data-retired={choice.retired || undefined}
                  aria-label={t('build.choices.labelOf', { n: i + 1 })}
                  value={textOf(choice.label)}
                  onChange={(e) =>
                    edit(choice.key, {
                      label: withText(typeof choice.label === 'string' ? e.target.value : choice.label, e.target.value),
                    })
                  }
                  onPaste={(e) => {
                    const text = e.clipboardData.getData('text/plain');
                    if (!/[\n\t]/.test(text.trim())) return;
                    e.preventDefault();
                    set([
                      ...choices.slice(0, i),
                      ...choicesOfLines(text, choices).filter((c) => !choices.some((o) => o.key === c.key)),
                      ...choices.slice(i + (textOf(choice.label) ? 0 : 1)),
                    ]);
                  }}
                  onKeyDown={(e) => {
                    if (e.key !== 'Enter' || composing(e)) return;
                    e.preventDefault();
                    add('', i);
                  }}
                />
                <Menu
                  position="bottom-end"
                  items={[
                    { label: t('build.choices.detail'), icon: 'key', onSelect: () => setDetail(choice.key) },
                    {
                      label: choice.retired ? t('build.choices.restore') : t('build.choices.retire'),
                      icon: choice.retired ? 'rotate' : 'archive',
                      description: choice.retired ? undefined : t('build.choices.retireHelp'),
                      onSelect: () => edit(choice.key, { retired: choice.retired ? undefined : true }),
                    },
                    { divider: true },
                    {
                      label: t('common.delete'),
                      icon: 'trash',
                      danger: true,
                      onSelect: () => set(choices.filter((c) => c.key !== choice.key)),
                    },
                  ]}
                >
                  <IconButton size="sm" icon="dots" label={t('build.choices.more', { name: textOf(choice.label) })} />
                </Menu>
              </>
            )}
          />
          <Button size="sm" variant="plain" icon="plus" onClick={() => add()}>
            {t('build.choices.add')}
          </Button>
          {bulk !== null && (
            <Dialog
              opened
              onClose={() => setBulk(null)}
              title={t('build.choices.bulk')}
              footer={
                <>
                  <Button onClick={() => setBulk(null)}>{t('common.cancel')}</Button>
                  <Button
                    variant="primary"
                    onClick={() => {
                      set(choicesOfLines(bulk, choices));
                      setBulk(null);
                    }}
                  >
                    {t('common.done')}
                  </Button>
                </>
              }
            >
              <Textarea
                label={label}
                help={t('build.choices.bulkHelp')}
                autoFocus
                minRows={10}
                maxRows={16}
                value={bulk}
                onChange={setBulk}
              />
            </Dialog>
          )}
          {detail !== null && (
            <Detail
              choice={choices.find((c) => c.key === detail)}
              onChange={(change) => edit(detail, change)}
              onClose={() => setDetail(null)}
            />
          )}
        </div>
      )}
    </FieldFrame>
  );
}

/** Key, words by language and other names of one choice. */
function Detail({
  choice,
  onChange,
  onClose,
}: {
  choice: Choice | undefined;
  onChange: (change: Partial<Choice>) => void;
  onClose: () => void;
}) {
  const [zh, setZh] = useState(textOf(choice?.label, 'zh-CN'));
  const [en, setEn] = useState(textOf(choice?.label, 'en-US'));
  const [aliases, setAliases] = useState((choice?.aliases ?? []).join('\n'));
  if (!choice) return null;
  return (
    <Dialog
      opened
      onClose={onClose}
      size="sm"
      title={<Tag hue={hues.find((h) => h === choice.hue)}>{textOf(choice.label)}</Tag>}
      onSubmit={() => {
        const names = aliases
          .split('\n')
          .map((a) => a.trim())
          .filter(Boolean);
        onChange({
          label: zh === en || !en ? zh : !zh ? en : { 'zh-CN': zh, 'en-US': en },
          aliases: names.length ? names : undefined,
        });
        onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary">
            {t('common.done')}
          </Button>
        </>
      }
    >
      <TextInput label={t('build.choices.zh')} value={zh} onChange={setZh} />
      <TextInput label={t('build.choices.en')} value={en} onChange={setEn} />
      <Textarea
        label={t('build.choices.aliases')}
        help={t('build.choices.aliasesHelp')}
        minRows={2}
        value={aliases}
        onChange={setAliases}
      />
      <TextInput
        label={t('build.key')}
        help={t('build.choices.keyHelp')}
        value={choice.key}
        onChange={() => {}}
        disabled
      />
    </Dialog>
  );
}
