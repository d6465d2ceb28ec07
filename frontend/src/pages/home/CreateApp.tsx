import { useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useCreateApp } from '@/api/queries/apps';
import type { Hue } from '@/api/types';
import { Button, Dialog, Notice, TextInput } from '@/kit';
import { t } from '@/locales';
import { IconHueField } from '@/runtime/IconHueField';
import { useWorkspace } from '@/runtime/workspace';
import { AppFromArchive } from './AppFromArchive';
import { AppFromFile } from './AppFromFile';

export type CreateWay = 'blank' | 'excel' | 'archive';

/** The dialog for a new app: empty, made of a spreadsheet, or from an exported file. */
export function CreateApp({ way, onClose }: { way: CreateWay; onClose: () => void }) {
  if (way === 'archive') return <AppFromArchive onClose={onClose} />;
  if (way === 'excel') return <AppFromFile onClose={onClose} />;
  return <BlankApp onClose={onClose} />;
}

function BlankApp({ onClose }: { onClose: () => void }) {
  const { workspace, base } = useWorkspace();
  const create = useCreateApp(workspace.key);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [icon, setIcon] = useState('app');
  const [hue, setHue] = useState<Hue>('jade');
  const [tried, setTried] = useState(false);
  const problem = create.error ? asProblem(create.error) : null;

  function submit() {
    setTried(true);
    if (name.trim() === '') return;
    create.mutate(
      { name: name.trim(), icon, hue },
      {
        onSuccess: (app) => {
          onClose();
          navigate(`${base}/a/${app.key}/edit`);
        },
      },
    );
  }

  return (
    <Dialog
      opened
      size="sm"
      onClose={onClose}
      title={t('home.newApp')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={create.isPending}>
            {t('common.create')}
          </Button>
        </>
      }
    >
      {problem && !problem.at('name') && <Notice tone="danger">{problem.message}</Notice>}
      <TextInput
        label={t('home.appName')}
        placeholder={t('home.appNamePlaceholder')}
        data-autofocus
        value={name}
        onChange={setName}
        error={tried ? (name.trim() === '' ? t('home.appNameRequired') : problem?.at('name')) : undefined}
      />
      <IconHueField icon={icon} hue={hue} onIcon={setIcon} onHue={setHue} />
    </Dialog>
  );
}
