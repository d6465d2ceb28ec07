import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useChangePassword, useUpdateMe } from '@/api/queries/session';
import {
  Avatar,
  Button,
  Dialog,
  LinkButton,
  Notice,
  PasswordInput,
  Segmented,
  Select,
  setDensity,
  TextInput,
  toast,
  useDensity,
  usePhone,
  useTheme,
} from '@/kit';
import { languageNames, locale, locales, t } from '@/locales';
import { setTimeZone, timeZone } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import { passwordFault } from '../auth/check';
import { Page } from '../shell/Page';
import { densityNames, themeNames, useProfileActions } from '../shell/ProfileButton';
import { WorkspaceButton } from '../shell/WorkspaceButton';
import { zoneOptions } from '../time-zones';
import styles from './inbox.module.css';

/** The member's own page: name, language, looks, password. */
export function Profile() {
  const { me, workspace, base } = useWorkspace();
  const phone = usePhone();
  const update = useUpdateMe();
  const { choice } = useTheme();
  const density = useDensity();
  const { chooseTheme, chooseLanguage, signOut } = useProfileActions();
  const [name, setName] = useState(me.name);
  const [zones] = useState(() => zoneOptions(me.time_zone || timeZone()));
  const [changing, setChanging] = useState(false);

  return (
    <Page crumbs={[{ label: t('shell.profile') }]}>
      <div className={styles.settings}>
        <div className={styles.person}>
          <Avatar name={me.name} src={me.avatar} size={56} />
          <div>
            <p className={styles.personName}>{me.name}</p>
            <p className={styles.email}>{me.email}</p>
          </div>
        </div>
        {phone && (
          <section className={styles.group} aria-labelledby="workspace">
            <h2 id="workspace" className={styles.heading}>
              {t('shell.workspace')}
            </h2>
            <div className={styles.workspace}>
              <WorkspaceButton />
            </div>
            {workspace.admin && (
              <LinkButton to={`${base}/admin`} icon="gear" className={styles.start}>
                {t('shell.admin')}
              </LinkButton>
            )}
          </section>
        )}
        <section className={styles.group}>
          <TextInput
            label={t('auth.name')}
            autoComplete="name"
            value={name}
            onChange={setName}
            error={name.trim() === '' ? t('auth.nameRequired') : undefined}
            onBlur={() => {
              if (name.trim() !== '' && name.trim() !== me.name) update.mutate({ name: name.trim() });
            }}
          />
          <Segmented
            label={t('common.language')}
            value={locale()}
            onChange={chooseLanguage}
            options={locales.map((one) => ({ value: one, label: languageNames[one] }))}
          />
          <Segmented
            label={t('common.theme')}
            value={choice}
            onChange={chooseTheme}
            options={(['light', 'dark', 'auto'] as const).map((one) => ({ value: one, label: themeNames[one]() }))}
          />
          <Segmented
            label={t('shell.density')}
            value={density}
            onChange={setDensity}
            options={(['compact', 'default', 'comfortable'] as const).map((one) => ({
              value: one,
              label: densityNames[one](),
            }))}
          />
          <Select
            label={t('shell.timeZone')}
            value={me.time_zone || timeZone()}
            options={zones}
            onChange={(zone) => {
              if (!zone) return;
              setTimeZone(zone);
              update.mutate({ time_zone: zone });
            }}
          />
        </section>
        <section className={styles.group}>
          <Button className={styles.start} icon="key" onClick={() => setChanging(true)}>
            {t('shell.changePassword')}
          </Button>
          <Button className={styles.start} icon="sign-out" onClick={signOut}>
            {t('shell.signOut')}
          </Button>
        </section>
      </div>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </Page>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const change = useChangePassword();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const problem = change.error ? asProblem(change.error) : null;
  const fault = passwordFault(next);
  return (
    <Dialog
      opened
      size="sm"
      onClose={onClose}
      title={t('shell.changePassword')}
      onSubmit={() => {
        setTried(true);
        if (old === '' || fault) return;
        change.mutate(
          { old, new: next },
          {
            onSuccess: () => {
              toast(t('shell.passwordChanged'), { tone: 'success' });
              onClose();
            },
          },
        );
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={change.isPending}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.detail || problem.title}</Notice>}
      <PasswordInput
        label={t('shell.oldPassword')}
        autoComplete="current-password"
        value={old}
        onChange={setOld}
        error={tried ? (old === '' ? t('auth.passwordRequired') : problem?.at('old')) : undefined}
      />
      <PasswordInput
        label={t('shell.newPassword')}
        help={t('auth.passwordHint')}
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        error={tried ? (fault ?? problem?.at('new')) : undefined}
      />
    </Dialog>
  );
}
