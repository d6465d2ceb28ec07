import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useRuntime, useUpdateParams } from '@/api/queries/apps';
import type { Json, Param } from '@/api/types';
import { Button, confirm, EmptyState, Icon, IconButton, NumberInput, Select, Switch, TextInput, toast } from '@/kit';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { rewriteSegments } from '../commands/fields';
import { editInfo } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import { useFaults } from '../faults';
import { freshKey, validKey } from '../ids';
import { info } from '../model';
import { LocalText } from '../panel/LocalText';
import { expressionsOf, segmentsOf } from '../usage';
import { PageBody } from './PageBody';
import styles from './ParamsPage.module.css';

/** The value of a parameter in its own control. */
function ValueInput({
  type,
  value,
  onChange,
  label,
  unit,
}: {
  type: Param['type'];
  value: Json | undefined;
  onChange: (value: Json) => void;
  label: string;
  unit?: string;
}) {
  if (type === 'boolean') return <Switch aria-label={label} checked={value === true} onChange={onChange} />;
  if (type === 'number')
    return (
      <NumberInput
        aria-label={label}
        value={typeof value === 'number' || typeof value === 'string' ? value : null}
        suffix={unit || undefined}
        onChange={(v) => onChange(v === null ? 0 : Number(v))}
      />
    );
  if (type === 'list') {
    const list = Array.isArray(value) ? value : [];
    return (
      <TextInput
        aria-label={label}
        value={list.join(t('common.comma'))}
        placeholder={t('build.param.listHelp')}
        onChange={(text) => {
          const parts = text.split(/[,，、]/).map((p) => p.trim());
          const numeric = parts.filter(Boolean).every((p) => /^-?\d+(\.\d+)?$/.test(p));
          onChange(parts.map((p) => (numeric && p !== '' ? Number(p) : p)));
        }}
        onBlur={() => onChange(list.filter((v) => v !== ''))}
      />
    );
  }
  return <TextInput aria-label={label} value={typeof value === 'string' ? value : ''} onChange={onChange} />;
}

/** Settings of the app that change without publishing: rules and formulas read them by name. */
export function ParamsPage() {
  const { store, app, parts } = useBuilder();
  const docs = useDocs();
  const params = info(docs).params ?? [];
  const runtime = useRuntime(app.version > 0 ? app.id : undefined);
  const update = useUpdateParams(app.id);
  const [open, setOpen] = useState<number | null>(null);
  const [live, setLive] = useState<Record<string, Json>>({});
  const fault = useFaults({ doc: info(docs).id, path: ['params'] });
  const current = runtime.data?.params ?? {};
  const param = open === null ? undefined : params[open];
  const set = (i: number, change: (p: Param) => void, mark?: string) =>
    store.change(
      t('build.did.param'),
      (d) =>
        editInfo(d, (a) => {
          const mine = a.params?.[i];
          if (!mine) return;
          change(mine);
          for (const key of Object.keys(mine) as (keyof Param)[]) if (mine[key] === undefined) delete mine[key];
        }),
      mark && `param.${i}.${mark}`,
    );

  function add() {
    const key = freshKey(
      '',
      'param',
      params.map((p) => p.key),
    );
    store.change(t('build.did.param'), (d) =>
      editInfo(d, (a) => {
        a.params = [...(a.params ?? []), { key, name: t('build.param.newName'), type: 'number', value: 0 }];
      }),
    );
    setOpen(params.length);
  }

  async function remove(i: number) {
    const key = params[i]?.key;
    const uses = Object.values(docs).flatMap((doc) =>
      [...expressionsOf(docs, doc, parts)].filter((e) =>
        segmentsOf(e).some((s) => s.what === 'param' && s.text === key),
      ),
    );
    if (
      uses.length > 0 &&
      !(await confirm({
        title: t('build.param.deleteTitle', { name: textOf(params[i]?.name) }),
        body: t('build.param.deleteUsed', { n: uses.length }),
        action: t('common.delete'),
        danger: true,
      }))
    )
      return;
    store.change(t('build.did.param'), (d) =>
      editInfo(d, (a) => {
        a.params = a.params?.filter((_, j) => j !== i);
      }),
    );
    setOpen(null);
  }

  async function save(key: string) {
    try {
      await update.mutateAsync({ [key]: live[key] as Json });
      const { [key]: _done, ...rest } = live;
      setLive(rest);
      toast(t('build.param.saved'), { tone: 'success' });
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  }

  return (
    <PageBody
      title={t('build.page.params')}
      help={t('build.param.help')}
      actions={
        params.length > 0 && (
          <Button variant="primary" icon="plus" onClick={add}>
            {t('build.param.new')}
          </Button>
        )
      }
    >
      {params.length === 0 ? (
        <EmptyState
          icon="variable"
          title={t('build.param.none')}
          help={t('build.param.noneHelp')}
          action={
            <Button variant="primary" icon="plus" onClick={add}>
              {t('build.param.new')}
            </Button>
          }
        />
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('build.param.name')}</th>
              <th scope="col">{t('build.param.current')}</th>
              <th scope="col" aria-label={t('common.more')} />
            </tr>
          </thead>
          <tbody>
            {params.map((p, i) => {
              const published = p.key in current;
              const value = p.key in live ? live[p.key] : published ? current[p.key] : p.value;
              return (
                <tr key={p.key}>
                  <td>
                    <button type="button" className={styles.name} onClick={() => setOpen(i)}>
                      {textOf(p.name) || p.key}
                      {fault([i]) && <Icon name="error" size={14} className={styles.bad} />}
                    </button>
                    {textOf(p.help) && <span className={styles.quiet}>{textOf(p.help)}</span>}
                  </td>
                  <td className={styles.value}>
                    <ValueInput
                      type={p.type}
                      label={textOf(p.name)}
                      unit={textOf(p.unit)}
                      value={value}
                      onChange={(v) => {
                        if (!published)
                          set(
                            i,
                            (one) => {
                              one.value = v;
                            },
                            'value',
                          );
                        else setLive({ ...live, [p.key]: v });
                      }}
                    />
                    {p.key in live && (
                      <span className={styles.save}>
                        <Button size="sm" variant="primary" loading={update.isPending} onClick={() => save(p.key)}>
                          {t('common.save')}
                        </Button>
                        <Button
                          size="sm"
                          onClick={() => {
                            const { [p.key]: _gone, ...rest } = live;
                            setLive(rest);
                          }}
                        >
                          {t('common.cancel')}
                        </Button>
                      </span>
                    )}
                  </td>
                  <td className={styles.tools}>
                    <IconButton
                      size="sm"
                      icon="pen"
                      label={t('build.param.edit', { name: textOf(p.name) })}
                      onClick={() => setOpen(i)}
                    />
                    <IconButton
                      size="sm"
                      icon="trash"
                      danger
                      label={t('build.param.remove', { name: textOf(p.name) })}
                      onClick={() => remove(i)}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {param && open !== null && (
        <Drawer
          opened
          onClose={() => setOpen(null)}
          title={textOf(param.name) || param.key}
          footer={<Button onClick={() => setOpen(null)}>{t('common.done')}</Button>}
        >
          <div className={styles.form}>
            <LocalText
              label={t('build.param.name')}
              required
              localized
              value={param.name}
              onChange={(v) =>
                set(
                  open,
                  (p) => {
                    p.name = v ?? '';
                  },
                  'name',
                )
              }
            />
            <KeyInput
              value={param.key}
              taken={params.filter((_, j) => j !== open).map((p) => p.key)}
              onChange={(key) =>
                store.change(t('build.did.rekey', { name: textOf(param.name), key }), (d) => {
                  rewriteSegments(d, parts, (s) => (s.what === 'param' && s.text === param.key ? key : undefined));
                  editInfo(d, (a) => {
                    const mine = a.params?.[open];
                    if (mine) mine.key = key;
                  });
                })
              }
            />
            <LocalText
              label={t('build.field.help')}
              localized
              value={param.help}
              onChange={(v) =>
                set(
                  open,
                  (p) => {
                    p.help = v;
                  },
                  'help',
                )
              }
            />
            <Select
              label={t('build.field.type')}
              searchable={false}
              value={param.type}
              options={(['number', 'text', 'boolean', 'list'] as const).map((type) => ({
                value: type,
                label: t(`build.param.type_${type}`),
              }))}
              onChange={(type) =>
                type &&
                set(open, (p) => {
                  p.type = type;
                  p.value = type === 'number' ? 0 : type === 'boolean' ? false : type === 'list' ? [] : '';
                })
              }
            />
            {param.type === 'number' && (
              <LocalText
                label={t('build.param.unit')}
                localized
                value={param.unit}
                onChange={(v) =>
                  set(
                    open,
                    (p) => {
                      p.unit = v;
                    },
                    'unit',
                  )
                }
              />
            )}
            <div>
              <p className={styles.label}>{t('build.param.default')}</p>
              <ValueInput
                type={param.type}
                label={t('build.param.default')}
                value={param.value}
                unit={textOf(param.unit)}
                onChange={(v) =>
                  set(
                    open,
                    (p) => {
                      p.value = v;
                    },
                    'value',
                  )
                }
              />
            </div>
          </div>
        </Drawer>
      )}
    </PageBody>
  );
}

function KeyInput({ value, taken, onChange }: { value: string; taken: string[]; onChange: (key: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const fault =
    draft === null
      ? undefined
      : taken.includes(draft)
        ? t('build.field.keyTaken')
        : !validKey(draft)
          ? t('build.field.keyInvalid')
          : undefined;
  const commit = () => {
    if (draft !== null && draft !== value && !fault) onChange(draft);
    setDraft(null);
  };
  return (
    <TextInput
      label={t('build.key')}
      help={t('build.param.keyHelp', { call: `setting("${value}")` })}
      value={draft ?? value}
      error={fault}
      onChange={(text) => setDraft(text.trim().toLowerCase())}
      onBlur={commit}
      onEnter={commit}
    />
  );
}
