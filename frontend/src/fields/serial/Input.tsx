import { t } from '@/locales';
import type { InputProps } from '../define';
import { ReadOnly } from '../ReadOnly';

export function Input(props: InputProps<string>) {
  return (
    <ReadOnly props={props} note={t('fields.numberedOnSave')}>
      {props.value ?? null}
    </ReadOnly>
  );
}
