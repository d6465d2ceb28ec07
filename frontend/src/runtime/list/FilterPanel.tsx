import { useEffect, useRef, useState } from 'react';
import { Button } from '@/kit';
import { t } from '@/locales';
import { ConditionEditor } from '@/runtime/filter';
import styles from './list.module.css';
import { useListState } from './use-list';

/** The conditions of the list; applied while they are edited. */
export function FilterPanel() {
  const { query, setFilter, scope, ctx } = useListState();
  const [text, setText] = useState(query.filter);
  const apply = useRef(setFilter);
  apply.current = setFilter;
  const sent = useRef(query.filter);
  useEffect(() => {
    if (query.filter === sent.current) return;
    sent.current = query.filter;
    setText(query.filter);
  }, [query.filter]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      apply.current(text);
    }, 350);
    return () => clearTimeout(timer);
  }, [text]);
  // A panel that is closed right after a change takes the change along; one whose
  // page is left does not write into the next page's address.
  const latest = useRef(text);
  latest.current = text;
  const [page] = useState(() => location.pathname);
  useEffect(
    () => () => {
      if (latest.current !== sent.current && location.pathname === page) apply.current(latest.current);
    },
    [page],
  );
  return (
    <div className={styles.filterPanel}>
      <ConditionEditor value={text} onChange={setText} scope={scope} ctx={ctx} empty={t('filter.noneHelp')} />
      {text !== '' && (
        <div className={styles.panelEnd}>
          <Button size="sm" variant="plain" onClick={() => setText('')}>
            {t('filter.clear')}
          </Button>
        </div>
      )}
    </div>
  );
}
