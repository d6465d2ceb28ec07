import { useEffect, useId, useRef, useState } from 'react';
import SignaturePad from 'signature_pad';
import { asProblem } from '@/api/client';
import type { StoredFile } from '@/api/types';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import { Icon } from '@/kit/Icon';
import { t } from '@/locales';
import { controlProps, type InputProps } from '../define';
import { filesOf } from '../files';
import styles from './signature.module.css';

type State = 'idle' | 'writing' | 'storing' | 'stored';

/** A field to sign on by finger, pen or mouse. What was written is stored by itself when the pen rests. */
export function Input(props: InputProps<StoredFile>) {
  const { value, onChange, ctx, record } = props;
  const { disabled: off, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const made = useId();
  const [signing, setSigning] = useState(false);
  const file = filesOf(value)[0];
  const disabled = off || !ctx.upload;
  const url = file ? ctx.fileUrl?.(file.id, typeof record?.id === 'string' ? record.id : undefined) : undefined;
  return (
    <FieldFrame {...frame} id={frame.id ?? made}>
      {(ids) =>
        file && !signing ? (
          <>
            <div className={cx(styles.plate, frame.error ? styles.invalid : undefined)}>
              <img className={styles.image} src={url} alt={t('fields.signature')} />
            </div>
            {!disabled && (
              <div className={styles.foot}>
                <Button
                  {...ids}
                  size="sm"
                  icon="pen"
                  onClick={() => {
                    setSigning(true);
                    onChange(null);
                  }}
                >
                  {t('fields.signAgain')}
                </Button>
              </div>
            )}
          </>
        ) : (
          <Pad
            {...ids}
            aria-label={ariaLabel ?? t('fields.signature')}
            invalid={!!frame.error}
            disabled={disabled}
            ctx={ctx}
            onChange={(next) => {
              setSigning(next !== null);
              onChange(next);
            }}
          />
        )
      }
    </FieldFrame>
  );
}

function Pad({
  ctx,
  onChange,
  disabled,
  invalid,
  id,
  ...aria
}: {
  ctx: InputProps['ctx'];
  onChange: (file: StoredFile | null) => void;
  disabled: boolean;
  invalid: boolean;
  id: string;
  'aria-label': string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad>(null);
  const [state, setState] = useState<State>('idle');
  const [problem, setProblem] = useState<string>();
  const latest = useRef({ ctx, onChange });
  latest.current = { ctx, onChange };

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let writing = false;
    let stopped = false;
    const hold = (on: boolean) => {
      if (on === writing) return;
      writing = on;
      latest.current.ctx.busy?.(on ? 1 : -1);
    };
    // The plate is light in both themes, so the ink is dark in both.
    const made = new SignaturePad(element, { penColor: 'black', minWidth: 0.8, maxWidth: 2.4 });
    pad.current = made;
    const resize = () => {
      const ratio = Math.max(window.devicePixelRatio || 1, 2);
      const strokes = made.toData();
      element.width = element.offsetWidth * ratio;
      element.height = element.offsetHeight * ratio;
      element.getContext('2d')?.scale(ratio, ratio);
      made.fromData(strokes);
    };
    resize();
    const store = () => {
      setState('storing');
      element.toBlob(async (blob) => {
        try {
          if (!blob || !latest.current.ctx.upload) return;
          const stored = await latest.current.ctx.upload(new File([blob], 'signature.png', { type: 'image/png' }));
          if (stopped) return;
          latest.current.onChange(stored);
          setState('stored');
        } catch (error) {
          setProblem(asProblem(error).message);
          setState('writing');
        } finally {
          hold(false);
        }
      }, 'image/png');
    };
    const begin = () => {
      clearTimeout(timer);
      hold(true);
      setProblem(undefined);
      setState('writing');
    };
    const end = () => {
      clearTimeout(timer);
      timer = setTimeout(store, 900);
    };
    made.addEventListener('beginStroke', begin);
    made.addEventListener('endStroke', end);
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(resize);
    observer?.observe(element);
    return () => {
      stopped = true;
      clearTimeout(timer);
      hold(false);
      observer?.disconnect();
      made.off();
    };
  }, []);

  useEffect(() => {
    if (disabled) pad.current?.off();
    else pad.current?.on();
  }, [disabled]);

  return (
    <>
      <div className={cx(styles.plate, invalid && styles.invalid)}>
        <canvas ref={canvas} id={id} className={styles.canvas} role="img" tabIndex={disabled ? -1 : 0} {...aria} />
        {state === 'idle' && (
          <span className={styles.hint}>
            <Icon name="signature" />
            {t('fields.signHere')}
          </span>
        )}
      </div>
      <div className={styles.foot} aria-live="polite">
        <span>
          {problem ?? (state === 'storing' ? t('common.saving') : state === 'stored' ? t('common.saved') : '')}
        </span>
        {state !== 'idle' && (
          <Button
            size="sm"
            variant="plain"
            onClick={() => {
              pad.current?.clear();
              setState('idle');
              onChange(null);
            }}
          >
            {t('common.clear')}
          </Button>
        )}
      </div>
    </>
  );
}
