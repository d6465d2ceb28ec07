import { lazy, Suspense } from 'react';
import { Textarea } from '@/kit/Textarea';
import { TextInput } from '@/kit/TextInput';
import { controlProps, type InputProps, option } from '../define';

const ScanButton = lazy(async () => ({ default: (await import('../ScanButton')).ScanButton }));

export function Input(props: InputProps<string>) {
  const { value, onChange, field, size, placeholder, autoFocus, onBlur, disabled } = props;
  const shared = {
    ...controlProps(props),
    value: value ?? '',
    onChange: (text: string) => onChange(text === '' ? null : text),
    onBlur: () => {
      // Blanks at the ends are nobody's intention.
      const clean = value?.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '');
      if (clean !== undefined && clean !== value) onChange(clean || null);
      onBlur?.();
    },
    maxLength: option<number | undefined>(field, 'max_length', undefined),
    placeholder,
    autoFocus,
  };
  if (option(field, 'multiline', false)) return <Textarea {...shared} minRows={size === 'sm' ? 1 : 2} />;
  // Cameras read codes only where the browser can decode them.
  const scans = option(field, 'scan', false) && !disabled && 'BarcodeDetector' in globalThis;
  return (
    <TextInput
      {...shared}
      size={size}
      suffix={
        scans && (
          <Suspense>
            <ScanButton onFound={(code) => onChange(code)} />
          </Suspense>
        )
      }
    />
  );
}
