import { useState } from 'react';
import type { LocaleName, Text } from '@/api/types';
import { type FrameProps, Textarea, TextInput } from '@/kit';
import { languageNames, locale, t } from '@/locales';
import { CodeInput } from '../formula/CodeInput';
import styles from './panel.module.css';
import type { PanelScope } from './panel-context';

export interface LocalTextProps extends FrameProps {
  value: Text | undefined;
  onChange: (value: Text | undefined) => void;
  panel?: PanelScope;
  /** The text may hold expressions in braces. */
  template?: boolean;
  long?: boolean;
  localized: boolean;
  disabled?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  'aria-label'?: string;
}

/** The words of one language of a text; the other language keeps its own. */
function put(value: Text | undefined, language: LocaleName, words: string): Text | undefined {
  if (value === undefined || typeof value === 'string') {
    const other: LocaleName = language === 'zh-CN' ? 'en-US' : 'zh-CN';
    if (!value) return words || undefined;
    return words === value ? value : ({ [language]: words, [other]: value } as Text);
  }
  const next = { ...value, [language]: words };
  if (!next['zh-CN'] && !next['en-US']) return undefined;
  return next['zh-CN'] === next['en-US'] ? words : next;
}

/** A text of a definition: one for all languages until somebody translates it. */
export function LocalText({ value, onChange, panel, template, long, localized, aside, ...rest }: LocalTextProps) {
  const here = locale();
  const [language, setLanguage] = useState<LocaleName | null>(null);
  const split = typeof value === 'object' && value !== null;
  const shown = language ?? here;
  // Until it is translated a text is one for all languages.
  const words = split ? (value[shown] ?? '') : language && language !== here ? '' : (value ?? '');
  const set = (text: string) => {
    if (!split && (!language || language === here)) onChange(text === '' ? undefined : text);
    else onChange(put(value, shown, text));
  };
  const other: LocaleName = shown === 'zh-CN' ? 'en-US' : 'zh-CN';
  const frame = {
    ...rest,
    aside:
      aside ??
      (localized ? (
        <button
          type="button"
          className={styles.lang}
          title={t('build.panel.otherLanguage', { name: languageNames[other] })}
          onClick={() => setLanguage(other)}
        >
          {languageNames[shown]}
        </button>
      ) : undefined),
  };
  if (template && panel)
    return (
      <CodeInput
        {...frame}
        fault={typeof rest.error === 'string' ? rest.error : undefined}
        error={undefined}
        template
        lines={long ? 'many' : 'one'}
        value={words}
        onChange={set}
        scope={panel.scope}
      />
    );
  if (long) return <Textarea {...frame} minRows={2} value={words} onChange={set} />;
  return <TextInput {...frame} value={words} onChange={set} />;
}
