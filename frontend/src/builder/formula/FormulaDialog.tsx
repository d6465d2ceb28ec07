import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { Button, cx, Dialog, Icon, Notice, SearchInput, Skeleton } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder } from '../context';
import type { FunctionHelp } from '../parts';
import type { CodeHandle } from './code-props';
import { fieldChoices, functionsOf } from './complete';
import styles from './FormulaDialog.module.css';
import type { Scope } from './refs';
import { TryIt } from './TryIt';
import { type ServerCheck, useCheck } from './use-check';

const Code = lazy(() => import('./Code').then((m) => ({ default: m.Code })));

export interface FormulaDialogProps {
  title: string;
  value: string;
  scope: Scope;
  server?: ServerCheck;
  template?: boolean;
  onSave: (text: string) => void;
  onClose: () => void;
}

const order = ['logic', 'math', 'text', 'date', 'rows', 'list', 'records', 'record', 'member', 'geo'];

/** The large editor: fields at the left, functions with examples at the right, the result on a real record below. */
export function FormulaDialog({ title, value, scope, server, template, onSave, onClose }: FormulaDialogProps) {
  const { parts } = useBuilder();
  const [text, setText] = useState(value);
  const [handle, setHandle] = useState<CodeHandle | null>(null);
  const [fieldSearch, setFieldSearch] = useState('');
  const [fnSearch, setFnSearch] = useState('');
  const [chosen, setChosen] = useState<FunctionHelp | null>(null);
  const checked = useCheck(text, scope, !!template, server);
  const choices = useMemo(() => fieldChoices(scope, parts), [scope, parts]);
  const needle = useDeferredValue(fieldSearch.trim().toLowerCase());
  const functions = useMemo(() => functionsOf(parts), [parts]);
  const fnNeedle = useDeferredValue(fnSearch.trim().toLowerCase());
  const groups = useMemo(() => {
    const out = new Map<string, FunctionHelp[]>();
    for (const fn of functions) {
      const words = `${fn.name} ${fn.aliases.join(' ')} ${textOf(fn.label)} ${textOf(fn.help)}`.toLowerCase();
      if (!words.includes(fnNeedle)) continue;
      out.set(fn.group, [...(out.get(fn.group) ?? []), fn]);
    }
    return [...out].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  }, [functions, fnNeedle]);

  // A click that comes before the editor has loaded is written all the same.
  const insert = (code: string, cursor?: number) =>
    handle ? handle.insert(code, cursor) : setText((before) => before + code);
  const insertField = (code: string) => insert(template ? `{${code}}` : code);
  const insertFunction = (fn: FunctionHelp) =>
    insert(template ? `{${fn.name}()}` : `${fn.name}()`, fn.name.length + (template ? 2 : 1));

  return (
    <Dialog
      opened
      onClose={onClose}
      sticky={text !== value}
      size="xl"
      title={title}
      className={styles.dialog}
      footer={
        <>
          <span className={styles.foot}>
            {checked.faults.length > 0 ? (
              <span className={styles.bad} role="status">
                <Icon name="error" size={14} />
                <span>
                  {checked.faults[0]?.message}
                  <span className={styles.later}>{t('build.formula.later')}</span>
                </span>
              </span>
            ) : checked.kind ? (
              <span className={styles.good} role="status">
                <Icon name="check" size={14} />
                {t('build.formula.gives', { kind: lookup(`build.kindName.${checked.kind}`) ?? checked.kind })}
              </span>
            ) : null}
          </span>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={() => onSave(text)}>
            {t('common.done')}
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        <section className={styles.side} aria-label={t('build.formula.fields')}>
          <SearchInput
            size="sm"
            value={fieldSearch}
            onChange={setFieldSearch}
            placeholder={t('build.formula.searchFields')}
            aria-label={t('build.formula.searchFields')}
          />
          <div className={styles.list}>
            {choices.map((group) => {
              const items = group.items.filter((i) => `${i.label} ${i.detail}`.toLowerCase().includes(needle));
              if (items.length === 0) return null;
              return (
                <div key={group.name}>
                  <h3 className={styles.group}>{group.title}</h3>
                  {items.map((item) => (
                    <button
                      key={item.insert}
                      type="button"
                      className={styles.item}
                      title={item.insert}
                      onClick={() => insertField(item.insert)}
                    >
                      <Icon name={item.icon} size={14} />
                      <span className={styles.name}>{item.label}</span>
                    </button>
                  ))}
                </div>
              );
            })}
          </div>
        </section>
        <section className={styles.main}>
          <div className={styles.editor} data-invalid={checked.faults.length > 0 || undefined}>
            <Suspense fallback={<Skeleton height={20} width="60%" />}>
              <Code
                value={text}
                onChange={setText}
                {...{ scope, parts, template }}
                faults={checked.faults}
                autoFocus
                label={title}
                placeholder={template ? t('build.formula.templatePlaceholder') : t('build.formula.placeholder')}
                onReady={setHandle}
              />
            </Suspense>
          </div>
          <div className={styles.bar}>
            <span className={styles.hint}>{template ? t('build.formula.templateHint') : t('build.formula.hint')}</span>
            {!template && (
              <Button size="sm" variant="plain" icon="wand" onClick={() => handle?.format()}>
                {t('build.formula.format')}
              </Button>
            )}
          </div>
          {server?.entity && !server.column && !template && (
            <TryIt
              expr={text}
              entity={server.entity}
              field={server.expect ? undefined : server.field}
              disabled={checked.faults.length > 0}
            />
          )}
        </section>
        <section className={styles.side} aria-label={t('build.formula.functions')}>
          <SearchInput
            size="sm"
            value={fnSearch}
            onChange={setFnSearch}
            placeholder={t('build.formula.searchFunctions')}
            aria-label={t('build.formula.searchFunctions')}
          />
          <div className={styles.list}>
            {groups.map(([group, fns]) => (
              <div key={group}>
                <h3 className={styles.group}>{lookup(`build.fnGroup.${group}`) ?? group}</h3>
                {fns.map((fn) => (
                  <button
                    key={fn.name}
                    type="button"
                    className={cx(styles.item, chosen === fn && styles.chosen)}
                    aria-pressed={chosen === fn}
                    onClick={() => setChosen(fn)}
                    onDoubleClick={() => insertFunction(fn)}
                  >
                    <span className={styles.fn}>{fn.name}</span>
                    <span className={styles.quiet}>{textOf(fn.label)}</span>
                  </button>
                ))}
              </div>
            ))}
            {groups.length === 0 && <p className={styles.none}>{t('common.noResults')}</p>}
          </div>
          {chosen && (
            <div className={styles.help}>
              <p className={styles.signature}>
                {chosen.name}(
                {chosen.args.map((a) => `${a.name}${a.optional ? '?' : ''}${a.variadic ? ', …' : ''}`).join(', ')})
              </p>
              <p>{textOf(chosen.help)}</p>
              {chosen.examples.slice(0, 2).map((example) => (
                <p key={example.in} className={styles.example}>
                  <code>{example.in}</code>
                  {example.out && <code className={styles.out}>→ {example.out}</code>}
                </p>
              ))}
              <Button size="sm" icon="plus" onClick={() => insertFunction(chosen)}>
                {t('build.formula.insert')}
              </Button>
            </div>
          )}
          {!chosen && <Notice className={styles.tip}>{t('build.formula.pick')}</Notice>}
        </section>
      </div>
    </Dialog>
  );
}
