import { Button, Dialog, Icon, Notice } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDraftState } from '../context';
import type { Conflict } from '../doc';
import { same } from '../doc';
import styles from './ConflictDialog.module.css';

/** The members of two versions of a document that differ, fields and widgets by name. */
function differences({ mine, theirs }: Conflict): string[] {
  const a = (mine?.body ?? {}) as unknown as Record<string, unknown>;
  const b = (theirs?.body ?? {}) as unknown as Record<string, unknown>;
  const out: string[] = [];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (same(a[key], b[key])) continue;
    const lists = [a[key], b[key]].map((l) =>
      Array.isArray(l) ? (l as { id?: string; name?: string; title?: string }[]) : [],
    );
    const named = new Map(lists.flatMap((l) => l.map((item) => [item.id ?? '', item] as const)));
    const inside = [...named].filter(
      ([id]) => id && !same(...(lists.map((l) => l.find((i) => i.id === id)) as [unknown, unknown])),
    );
    if (inside.length > 0) out.push(...inside.map(([, item]) => textOf(item.name ?? item.title) || key));
    else out.push(lookup(`build.member.${key}`) ?? key);
  }
  return out;
}

/** The same document was changed here and by a colleague: one version stays. */
export function ConflictDialog({ opened }: { opened: boolean }) {
  const { store } = useBuilder();
  const conflicts = useDraftState((s) => s.conflicts);
  return (
    <Dialog
      opened={opened && conflicts.length > 0}
      onClose={() => {}}
      sticky
      title={t('build.conflict.title')}
      size="lg"
    >
      <Notice tone="warning">{t('build.conflict.help')}</Notice>
      <ul className={styles.list}>
        {conflicts.map((conflict) => (
          <li key={conflict.id} className={styles.item}>
            <div className={styles.name}>
              <Icon name="file" />
              <span>{textOf((conflict.mine ?? conflict.theirs)?.body.name)}</span>
              <span className={styles.kind}>{lookup(`build.kind.${conflict.kind}`)}</span>
            </div>
            <p className={styles.differ}>
              {conflict.theirs === null
                ? t('build.conflict.deletedThere')
                : conflict.mine === null
                  ? t('build.conflict.deletedHere')
                  : t('build.conflict.differs', { what: differences(conflict).slice(0, 8).join(t('common.comma')) })}
            </p>
            <div className={styles.actions}>
              <Button onClick={() => store.resolve(conflict.id, 'theirs')}>{t('build.conflict.theirs')}</Button>
              <Button variant="primary" onClick={() => store.resolve(conflict.id, 'mine')}>
                {t('build.conflict.mine')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
