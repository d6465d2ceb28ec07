import type { StoredFile } from '@/api/types';
import type { InputProps } from '../define';
import { FileInput } from '../FileInput';

export function Input(props: InputProps<StoredFile[]>) {
  return <FileInput {...props} images={false} />;
}
