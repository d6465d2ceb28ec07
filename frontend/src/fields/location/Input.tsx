import { useState } from 'react';
import { Button } from '@/kit/Button';
import { FieldFrame } from '@/kit/FieldFrame';
import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { ActionLink } from '../ActionLink';
import { controlProps, type InputProps } from '../define';
import styles from './location.module.css';
import { mapUrl, type Place, readPlace } from './values';

/** Where the device is, or degrees that were typed, with a name for the place. */
export function Input(props: InputProps<Place>) {
  const { value, onChange, ctx, autoFocus } = props;
  const { disabled, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const [draft, setDraft] = useState<string | null>(null);
  const [state, setState] = useState<'idle' | 'asking' | 'refused'>('idle');
  const typed = draft !== null && draft.trim() !== '' ? readPlace(draft) : null;
  const bad = draft !== null && typed === undefined;

  function locate() {
    setState('asking');
    ctx.busy?.(1);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        ctx.busy?.(-1);
        setState('idle');
        setDraft(null);
        onChange({ ...value, lng: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)) });
      },
      () => {
        ctx.busy?.(-1);
        setState('refused');
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  return (
    <FieldFrame
      {...frame}
      error={state === 'refused' ? t('fields.noPosition') : bad ? t('fields.placeInvalid') : frame.error}
    >
      {(ids) => (
        <div className={styles.place}>
          <div className={styles.line}>
            <TextInput
              {...ids}
              autoFocus={autoFocus}
              icon="pin"
              aria-label={ariaLabel}
              disabled={disabled}
              placeholder={t('fields.degrees')}
              inputMode="decimal"
              value={draft ?? (value ? `${value.lng}, ${value.lat}` : '')}
              onChange={(text) => {
                setDraft(text);
                if (text.trim() === '') onChange(null);
                const read = readPlace(text);
                if (read) onChange({ ...read, ...(value?.label ? { label: value.label } : {}) });
              }}
              onBlur={() => {
                if (!bad) setDraft(null);
              }}
              suffix={
                value && (
                  <ActionLink href={mapUrl(value, ctx.locale)} icon="external" label={t('fields.showMap')} external />
                )
              }
            />
            {'geolocation' in navigator && !disabled && (
              <Button icon="location" loading={state === 'asking'} onClick={locate}>
                {t('fields.locate')}
              </Button>
            )}
          </div>
          {value && (
            <TextInput
              disabled={disabled}
              aria-label={t('fields.placeName')}
              placeholder={t('fields.placeName')}
              maxLength={200}
              value={value.label ?? ''}
              onChange={(label) => onChange({ ...value, label: label || undefined })}
            />
          )}
        </div>
      )}
    </FieldFrame>
  );
}
