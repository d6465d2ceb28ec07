import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useDeleteApp } from '@/api/queries/apps';
import { appExportUrl, useSetup } from '@/api/queries/templates';
import type { AppInfo, Hue } from '@/api/types';
import { Button, Dialog, LinkButton, Notice, TextInput, toast } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { IconHueField } from '@/runtime/IconHueField';
import { RemoveSample } from '@/runtime/sample';
import { useWorkspace } from '@/runtime/workspace';
import { editInfo } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import { info } from '../model';
import { LocalText } from '../panel/LocalText';
import { PageBody } from './PageBody';
import styles from './SettingsPage.module.css';

/** Name and look of the app, its export, its end. */
export function SettingsPage() {
  const { store, app, workspace } = useBuilder();
  const { base } = useWorkspace();
  const docs = useDocs();
  const navigate = useNavigate();
  const remove = useDeleteApp(workspace.key);
  const [deleting, setDeleting] = useState(false);
  const setup = useSetup(app.id);
  const [sweeping, setSweeping] = useState(false);
  const [typed, setTyped] = useState('');
  const about = info(docs);
  const name = textOf(about.name) || textOf(app.name);
  const set = (change: (a: AppInfo) => void, mark?: string) =>
    store.change(
      t('build.did.app'),
      (d) =>
        editInfo(d, (a) => {
          change(a);
          for (const key of Object.keys(a) as (keyof AppInfo)[]) if (a[key] === undefined) delete a[key];
        }),
      mark && `app.${mark}`,
    );

  async function destroy() {
    try {
      await remove.mutateAsync(app.id);
      store.dispose();
      navigate(base);
      toast(t('build.app.deleted', { name }), { tone: 'success' });
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  }

  return (
    <PageBody title={t('build.page.settings')}>
      <section className={styles.part}>
        <TextInput
          label={t('build.app.name')}
          required
          value={name}
          onChange={(words) =>
            set((a) => {
              a.name = withText(typeof a.name === 'string' ? words : a.name, words);
            }, 'name')
          }
        />
        <LocalText
          label={t('build.app.description')}
          long
          localized
          value={about.description}
          onChange={(v) =>
            set((a) => {
              a.description = v;
            }, 'description')
          }
        />
        <TextInput
          label={t('build.key')}
          help={t('build.app.keyHelp')}
          value={about.key || app.key}
          onChange={() => {}}
          disabled
        />
        <IconHueField
          icon={about.icon ?? app.icon ?? 'app'}
          hue={(about.hue ?? app.hue ?? 'jade') as Hue}
          onIcon={(icon) =>
            set((a) => {
              a.icon = icon;
            })
          }
          onHue={(hue) =>
            set((a) => {
              a.hue = hue;
            })
          }
        />
      </section>
      <section className={styles.part}>
        <h3 className={styles.heading}>{t('build.app.export')}</h3>
        <p className={styles.quiet}>{t('build.app.exportHelp')}</p>
        <div>
          <LinkButton external to={appExportUrl(app.id)} icon="download">
            {t('build.app.exportNow')}
          </LinkButton>
        </div>
        {about.origin && (
          <p className={styles.quiet}>
            {t('build.app.origin', { name: about.origin.template, version: about.origin.version })}
          </p>
        )}
      </section>
      {setup.data && setup.data.samples > 0 && (
        <section className={styles.part}>
          <h3 className={styles.heading}>{t('build.app.sample')}</h3>
          <p className={styles.quiet}>{t('build.app.sampleHelp', { n: setup.data.samples })}</p>
          <div>
            <Button icon="trash" onClick={() => setSweeping(true)}>
              {t('build.app.removeSample')}
            </Button>
          </div>
        </section>
      )}
      <section className={styles.part}>
        <h3 className={styles.heading}>{t('build.app.delete')}</h3>
        <p className={styles.quiet}>{t('build.app.deleteHelp')}</p>
        <div>
          <Button variant="danger" icon="trash" onClick={() => setDeleting(true)}>
            {t('build.app.delete')}
          </Button>
        </div>
      </section>
      {sweeping && (
        <Suspense>
          <RemoveSample app={app.id} onClose={() => setSweeping(false)} />
        </Suspense>
      )}
      {deleting && (
        <Dialog
          opened
          size="sm"
          onClose={() => setDeleting(false)}
          title={t('build.app.deleteTitle', { name })}
          onSubmit={() => typed.trim() === name && destroy()}
          footer={
            <>
              <Button onClick={() => setDeleting(false)}>{t('common.cancel')}</Button>
              <Button type="submit" variant="danger-solid" disabled={typed.trim() !== name} loading={remove.isPending}>
                {t('common.delete')}
              </Button>
            </>
          }
        >
          <Notice tone="warning">{t('build.app.deleteHelp')}</Notice>
          <TextInput label={t('build.app.typeName', { name })} autoFocus value={typed} onChange={setTyped} />
        </Dialog>
      )}
    </PageBody>
  );
}
