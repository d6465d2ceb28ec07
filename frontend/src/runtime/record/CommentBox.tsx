// A comment with @mentions. Enter breaks the line, Ctrl+Enter sends.
import { useId, useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import { useDirectory } from '@/api/queries/workspaces';
import { Avatar } from '@/kit/Avatar';
import { Button } from '@/kit/Button';
import { Textarea } from '@/kit/Textarea';
import { composing } from '@/kit/TextInput';
import { toast } from '@/kit/toast';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import { useApp } from '@/runtime/app/context';
import { mentionQuery } from './events';
import styles from './Timeline.module.css';

export function CommentBox({
  onSend,
}: {
  onSend: (text: string, mentions: string[]) => Promise<{ not_told?: string[] }>;
}) {
  const { workspace } = useApp();
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const [active, setActive] = useState(false);
  const [asked, setAsked] = useState<{ query: string; from: number } | null>(null);
  const [at, setAt] = useState(0);
  const chosen = useRef(new Map<string, string>());
  const area = useRef<HTMLTextAreaElement>(null);
  const directory = useDirectory(workspace.key, asked?.query ?? '');
  const listId = useId();
  const people = asked
    ? (directory.data?.members ?? [])
        .filter((m) => m.status !== 'disabled' && m.name.toLowerCase().includes(asked.query.toLowerCase()))
        .slice(0, 6)
    : [];

  function look(value: string, caret: number) {
    setAsked(mentionQuery(value, caret));
    setAt(0);
  }

  function mention(id: string, name: string) {
    if (!asked) return;
    const before = text.slice(0, asked.from);
    const after = text.slice(asked.from + 1 + asked.query.length);
    chosen.current.set(name, id);
    setText(`${before}@${name} ${after}`);
    setAsked(null);
    const caret = before.length + name.length + 2;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(caret, caret);
    });
  }

  async function send() {
    const words = text.trim();
    if (words === '' || sending) return;
    setSending(true);
    try {
      const mentions = [...chosen.current].filter(([name]) => words.includes(`@${name}`)).map(([, id]) => id);
      const { not_told: blind = [] } = await onSend(words, [...new Set(mentions)]);
      const names = [...chosen.current].filter(([, id]) => blind.includes(id)).map(([name]) => name);
      if (names.length > 0) toast(t('record.notTold', { names: formatList(names) }), { tone: 'danger' });
      setText('');
      chosen.current.clear();
      setActive(false);
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    } finally {
      setSending(false);
    }
  }

  return (
    <div className={styles.compose}>
      <Textarea
        ref={area}
        aria-label={t('record.comment')}
        placeholder={t('record.comment')}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={people.length > 0 ? listId : undefined}
        aria-activedescendant={people[at] ? `${listId}-${at}` : undefined}
        minRows={active || text ? 2 : 1}
        value={text}
        onFocus={() => setActive(true)}
        onBlur={() => {
          setAsked(null);
          if (text === '') setActive(false);
        }}
        onChange={(value) => {
          setText(value);
          look(value, area.current?.selectionStart ?? value.length);
        }}
        onClick={() => look(text, area.current?.selectionStart ?? 0)}
        onKeyDown={(e) => {
          if (composing(e)) return;
          if (people.length > 0) {
            const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
            if (by !== 0) {
              e.preventDefault();
              setAt((at + by + people.length) % people.length);
              return;
            }
            const person = people[at];
            if ((e.key === 'Enter' || e.key === 'Tab') && person) {
              e.preventDefault();
              mention(person.id, person.name);
              return;
            }
            if (e.key === 'Escape') {
              e.preventDefault();
              e.stopPropagation();
              setAsked(null);
              return;
            }
          }
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            e.stopPropagation();
            void send();
          }
        }}
      />
      {people.length > 0 && (
        <div id={listId} role="listbox" aria-label={t('record.mention')} className={styles.people}>
          {people.map((person, i) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the text
            <div
              key={person.id}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={i === at}
              className={styles.person}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => mention(person.id, person.name)}
            >
              <Avatar name={person.name} />
              {person.name}
            </div>
          ))}
        </div>
      )}
      {(active || text !== '') && (
        <div className={styles.composeFoot}>
          <Button
            size="sm"
            variant="primary"
            loading={sending}
            disabled={text.trim() === ''}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => void send()}
          >
            {t('record.send')}
          </Button>
        </div>
      )}
    </div>
  );
}
