import { useState } from 'react';
import { Textarea } from '@/kit/Textarea';
import { t } from '@/locales';
import { controlProps, type InputProps } from '../define';
import styles from '../inputs.module.css';
import { jsonText, readJson } from './values';

export function Input(props: InputProps) {
  const { value, onChange, placeholder } = props;
  const shared = controlProps(props);
  // What cannot be read stays as it was typed, marked as wrong.
  const [draft, setDraft] = useState<string | null>(null);
  const bad = draft !== null && readJson(draft) === undefined;
  return (
    <Textarea
      {...shared}
      className={styles.mono}
      spellCheck={false}
      placeholder={placeholder}
      value={draft ?? jsonText(value, true)}
      error={bad ? t('fields.jsonInvalid') : shared.error}
      onChange={(text) => {
        setDraft(text);
        const read = readJson(text);
        if (read !== undefined) onChange(read);
      }}
      onBlur={() => {
        if (!bad) setDraft(null);
        props.onBlur?.();
      }}
    />
  );
}
