import type { Option } from '@/kit/Select';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Docs, roles } from '../model';

/** The roles to choose from; a chosen one that was deleted since can be seen and taken out. */
export function roleOptions(docs: Docs, chosen: string[]): Option[] {
  const all = roles(docs);
  return [
    ...all.map((r): Option => ({ value: r.id, label: textOf(r.name), icon: 'shield' })),
    ...chosen
      .filter((id) => !all.some((r) => r.id === id || r.key === id))
      .map((id): Option => ({ value: id, label: t('build.role.deleted'), icon: 'eye-off' })),
  ];
}
