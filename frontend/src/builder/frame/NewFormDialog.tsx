import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Hue } from '@/api/types';
import { Button, Dialog, Segmented, TextInput } from '@/kit';
import { t } from '@/locales';
import { FormFromFile } from '@/runtime/from-file';
import { IconHueField } from '@/runtime/IconHueField';
import { createForm, nameTaken } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import { entities } from '../model';

const icons = ['form', 'user', 'briefcase', 'contract', 'cart', 'box', 'ticket', 'money'];
const colors: Hue[] = ['jade', 'blue', 'violet', 'amber', 'green', 'pink', 'cyan', 'orange'];

/** A new form: empty, or made of a spreadsheet with its rows. */
export function NewFormDialog({ from: first = 'blank', onClose }: { from?: 'blank' | 'file'; onClose: () => void }) {
  const { store, base, app } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const count = entities(docs).length;
  const [from, setFrom] = useState(first);
  const [name, setName] = useState('');
  const [icon, setIcon] = useState(icons[count % icons.length] ?? 'form');
  const [hue, setHue] = useState<Hue>(colors[count % colors.length] ?? 'jade');
  const [tried, setTried] = useState(false);
  const words = name.trim();
  const nameFault =
    words === '' ? t('build.nameRequired') : nameTaken(docs, 'entity', words) ? t('build.nameTaken') : undefined;

  function submit() {
    setTried(true);
    if (nameFault) return;
    let made = '';
    store.change(t('build.did.newForm', { name: words }), (d) => {
      made = createForm(d, words, { icon, hue }).entity;
    });
    onClose();
    navigate(`${base}/forms/${made}/design`);
  }

  if (from === 'file') {
    return (
      <Suspense>
        <FormFromFile
          title={t('build.fromExcel')}
          // The server adds to the draft that it has: ours must be there first.
          app={async () => {
            await store.flush();
            return app.id;
          }}
          onMade={(made) => void store.reload().then(() => navigate(`${base}/forms/${made.entity}/data`))}
          onUndone={() => void store.reload().then(() => navigate(base))}
          onClose={onClose}
        />
      </Suspense>
    );
  }
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('build.newForm')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary">
            {t('common.create')}
          </Button>
        </>
      }
    >
      <Segmented
        block
        aria-label={t('build.newForm')}
        value={from}
        onChange={setFrom}
        options={[
          { value: 'blank', label: t('build.blankForm'), icon: 'form' },
          { value: 'file', label: t('build.fromExcel'), icon: 'excel' },
        ]}
      />
      <TextInput
        label={t('build.formName')}
        required
        autoFocus
        value={name}
        onChange={setName}
        placeholder={t('build.formNamePlaceholder')}
        error={tried ? nameFault : undefined}
        help={t('build.newFormHelp')}
      />
      <IconHueField icon={icon} hue={hue} onIcon={setIcon} onHue={setHue} />
    </Dialog>
  );
}
