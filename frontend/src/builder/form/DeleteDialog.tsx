import { useEffect, useMemo } from 'react';
import { Button, Dialog, Icon, Notice } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import { formsOf, shownFields } from '../model';
import { summarize, usesOfFields } from '../usage';
import styles from './DeleteDialog.module.css';
import { fieldsBelow, fieldsOfKeys, now, removeKeys, useDesigner, useDesignerState } from './designer';

/** Asks before a field that holds data or is used elsewhere is deleted; everything else goes at once and can be undone. */
export function DeleteDialog() {
  const designer = useDesigner();
  const { parts } = useBuilder();
  const docs = useDocs();
  const keys = useDesignerState((s) => s.deleting);

  const facts = useMemo(() => {
    const current = keys && now(designer);
    if (!keys || !current) return null;
    const gone = fieldsBelow(current, keys);
    const withColumns = new Set(gone);
    for (const field of current.entity.fields)
      if (gone.has(field.id)) for (const column of field.fields ?? []) withColumns.add(column.id);
    const uses = gone.size > 0 ? usesOfFields(docs, parts, withColumns) : [];
    const forms = formsOf(docs, designer.entity).filter(
      (f) => f.id !== designer.form && [...gone].some((id) => shownFields(f).has(id)),
    );
    const live = [...gone].some((id) => designer.published().has(id));
    return {
      gone,
      uses,
      forms,
      live,
      names: fieldsOfKeys(
        current.entity,
        [...gone].map((id) => (current.entity.fields.some((f) => f.id === id) ? `f:${id}` : `c:${id}`)),
      ).map((f) => textOf(f.field.name)),
    };
  }, [keys, designer, docs, parts]);

  const asks = !!facts && facts.gone.size > 0 && (facts.uses.length > 0 || facts.forms.length > 0 || facts.live);
  useEffect(() => {
    if (keys && facts && !asks) removeKeys(designer, keys, true);
  }, [keys, facts, asks, designer]);
  if (!keys || !facts || !asks) return null;

  const close = () => designer.ui.setState({ deleting: null });
  const columns = keys.every((k) => k[0] === 'c');
  return (
    <Dialog
      opened
      onClose={close}
      title={
        facts.names.length === 1
          ? t('build.delete.one', { name: facts.names[0] ?? '' })
          : t('build.delete.many', { n: facts.names.length })
      }
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          {!columns && <Button onClick={() => removeKeys(designer, keys, false)}>{t('build.delete.onlyHere')}</Button>}
          <Button variant="danger-solid" onClick={() => removeKeys(designer, keys, true)}>
            {t('build.delete.field')}
          </Button>
        </>
      }
    >
      {facts.live && <Notice tone="warning">{t('build.delete.live')}</Notice>}
      {facts.names.length > 1 && <p>{facts.names.slice(0, 12).join(t('common.comma'))}</p>}
      {facts.uses.length > 0 && (
        <div className={styles.uses}>
          <p>{t('build.delete.used', { uses: summarize(facts.uses) })}</p>
          <ul className={styles.list}>
            {facts.uses.slice(0, 12).map((use) => (
              <li key={`${use.doc}/${use.path.join('/')}`} className={styles.use}>
                <Icon
                  name={
                    use.what === 'formula'
                      ? 'formula'
                      : use.what === 'rule'
                        ? 'bolt'
                        : use.what === 'view'
                          ? 'table'
                          : use.what === 'role'
                            ? 'shield'
                            : use.what === 'dashboard'
                              ? 'chart'
                              : 'form'
                  }
                  size={14}
                />
                {t(`build.useOne.${use.what}`, { name: use.name })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {facts.forms.length > 0 && (
        <p>{t('build.delete.inForms', { forms: facts.forms.map((f) => textOf(f.name)).join(t('common.comma')) })}</p>
      )}
      {!columns && <p className={styles.quiet}>{t('build.delete.onlyHereHelp')}</p>}
    </Dialog>
  );
}
