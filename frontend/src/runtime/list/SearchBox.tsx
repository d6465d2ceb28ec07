import { useEffect, useRef, useState } from 'react';
import { SearchInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useListState } from './use-list';

const fullWidthSpaces = /[\s\u3000]+/g;

/** Searches as one types; words of an input method count when they are finished. */
export function SearchBox({ className }: { className?: string }) {
  const { query, setSearch, entity } = useListState();
  const [text, setText] = useState(query.search);
  const sent = useRef(query.search);
  const composing = useRef(false);
  useEffect(() => {
    if (query.search !== sent.current) {
      sent.current = query.search;
      setText(query.search);
    }
  }, [query.search]);
  const clean = text.replace(fullWidthSpaces, ' ').trim();
  useEffect(() => {
    if (clean === sent.current || composing.current) return;
    const timer = setTimeout(() => {
      sent.current = clean;
      setSearch(clean);
    }, 250);
    return () => clearTimeout(timer);
  }, [clean, setSearch]);
  return (
    <SearchInput
      size="sm"
      className={className}
      value={text}
      onChange={setText}
      placeholder={t('list.searchIn', { name: textOf(entity.name) })}
      aria-label={t('list.searchIn', { name: textOf(entity.name) })}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(e) => {
        composing.current = false;
        setText(`${e.currentTarget.value}`);
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && text !== '') {
          e.stopPropagation();
          setText('');
        }
      }}
    />
  );
}
