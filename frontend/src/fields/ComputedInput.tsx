import { t } from '@/locales';
import { ComputedCell } from './computed';
import { type InputProps, isEmpty } from './define';
import { ReadOnly } from './ReadOnly';

/** A computed value in a form: follows what is entered, takes no input. */
export function ComputedInput(props: InputProps) {
  const { value, field, ctx, size } = props;
  return (
    <ReadOnly props={props} note={size === 'sm' ? undefined : t('fields.computed')}>
      {isEmpty(value) ? null : <ComputedCell value={value} field={field} ctx={ctx} variant="detail" />}
    </ReadOnly>
  );
}
