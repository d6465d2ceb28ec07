import { useState } from 'react';
import type { Hue } from '@/api/types';
import { Button, Dialog } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { IconHueField } from '@/runtime/IconHueField';
import { useBuilder, useDocs } from '../context';
import { bodyOf } from '../model';

/** Icon and colour of a form. */
export function FormLookDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { store } = useBuilder();
  const entity = bodyOf(useDocs(), 'entity', id);
  const [icon, setIcon] = useState(entity?.icon ?? 'form');
  const [hue, setHue] = useState<Hue>(entity?.hue ?? 'jade');
  if (!entity) return null;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={textOf(entity.name)}
      onSubmit={() => {
        store.change(t('build.did.look', { name: textOf(entity.name) }), (docs) => {
          const body = bodyOf(docs, 'entity', id);
          if (body) Object.assign(body, { icon, hue });
        });
        onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary">
            {t('common.save')}
          </Button>
        </>
      }
    >
      <IconHueField icon={icon} hue={hue} onIcon={setIcon} onHue={setHue} />
    </Dialog>
  );
}
