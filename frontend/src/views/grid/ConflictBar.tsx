import type { RuntimeEntity } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { Button, Icon } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { RecordEdits } from '../shared/edits';
import { sayProblem } from '../shared/say';
import { findField } from '../shared/system';
import styles from './grid.module.css';

/** Two people changed the same value: shows both and lets the member choose. */
export function ConflictBar({ edits, entity, ctx }: { edits: RecordEdits; entity: RuntimeEntity; ctx: FieldContext }) {
  const conflict = edits.conflicts[0];
  if (!conflict) return null;
  const field = findField(entity, conflict.key);
  const say = (value: unknown) =>
    (field ? fieldOf(field.type).format(value as never, field, ctx) : String(value ?? '')) || t('grid.blank');
  const answer = (keep: 'mine' | 'theirs') => edits.resolve(conflict, keep).catch(sayProblem);
  return (
    <div className={styles.conflictBar} role="alert">
      <Icon name="alert" />
      <p className={styles.conflictText}>
        {t('grid.conflict', {
          who: conflict.by ?? t('grid.somebody'),
          record: conflict.title,
          name: field ? textOf(field.name) : conflict.key,
          theirs: say(conflict.theirs),
          mine: say(conflict.mine),
        })}
      </p>
      <Button size="sm" onClick={() => answer('theirs')}>
        {t('grid.keepTheirs')}
      </Button>
      <Button size="sm" variant="primary" onClick={() => answer('mine')}>
        {t('grid.keepMine')}
      </Button>
    </div>
  );
}
