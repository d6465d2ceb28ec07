import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { useSignOut, useUpdateMe } from '@/api/queries/session';
import {
  Avatar,
  type Density,
  Menu,
  type MenuEntry,
  setDensity,
  setTheme,
  type ThemeChoice,
  useDensity,
  useTheme,
} from '@/kit';
import { type Locale, languageNames, locale, locales, setLocale, t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import styles from './ProfileButton.module.css';

export const themeNames: Record<ThemeChoice, () => string> = {
  light: () => t('shell.themeLight'),
  dark: () => t('shell.themeDark'),
  auto: () => t('shell.themeAuto'),
};
export const densityNames: Record<Density, () => string> = {
  compact: () => t('shell.densityCompact'),
  default: () => t('shell.densityDefault'),
  comfortable: () => t('shell.densityComfortable'),
};

/** Changes of the member's own settings: shown at once, stored in the profile. */
export function useProfileActions() {
  const update = useUpdateMe();
  const out = useSignOut();
  const navigate = useNavigate();
  const client = useQueryClient();
  return {
    chooseTheme(theme: ThemeChoice) {
      setTheme(theme);
      update.mutate({ theme });
    },
    chooseLanguage(language: Locale) {
      update.mutate({ locale: language });
      setLocale(language);
    },
    async signOut() {
      await out.mutateAsync();
      client.clear();
      navigate('/sign-in');
    },
  };
}

/** The member's picture and name, and their own settings. */
export function ProfileButton({ collapsed }: { collapsed?: boolean }) {
  const { me, base } = useWorkspace();
  const navigate = useNavigate();
  const { choice } = useTheme();
  const density = useDensity();
  const { chooseTheme, chooseLanguage, signOut } = useProfileActions();
  const items: MenuEntry[] = [
    { label: t('shell.profile'), icon: 'profile', onSelect: () => navigate(`${base}/me`) },
    {
      label: t('common.theme'),
      icon: choice === 'dark' ? 'moon' : choice === 'light' ? 'sun' : 'device',
      items: (['light', 'dark', 'auto'] as const).map((theme) => ({
        label: themeNames[theme](),
        checked: choice === theme,
        onSelect: () => chooseTheme(theme),
      })),
    },
    {
      label: t('shell.density'),
      icon: 'row-height',
      items: (['compact', 'default', 'comfortable'] as const).map((one) => ({
        label: densityNames[one](),
        checked: density === one,
        onSelect: () => setDensity(one),
      })),
    },
    {
      label: t('common.language'),
      icon: 'language',
      items: locales.map((language) => ({
        label: languageNames[language],
        checked: locale() === language,
        onSelect: () => chooseLanguage(language),
      })),
    },
    { divider: true },
    { label: t('shell.signOut'), icon: 'sign-out', onSelect: signOut },
  ];
  return (
    <Menu
      items={items}
      position="top-start"
      width={220}
      header={
        <div className={styles.header}>
          <span className={styles.name}>{me.name}</span>
          <span className={styles.email}>{me.email}</span>
        </div>
      }
    >
      <button
        type="button"
        className={styles.button}
        aria-label={collapsed ? `${me.name} · ${t('shell.profileMenu')}` : undefined}
      >
        <Avatar name={me.name} src={me.avatar} size={24} />
        {!collapsed && <span className={styles.name}>{me.name}</span>}
      </button>
    </Menu>
  );
}
