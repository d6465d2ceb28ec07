// What every route needs to know before it renders: who is here.
import type { QueryClient } from '@tanstack/react-query';
import { redirect } from 'react-router';
import { bootstrapQuery } from '@/api/queries/session';
import type { Bootstrap } from '@/api/types';
import { setTheme } from '@/kit/theme-store';
import { setLocale, wantedLocale } from '@/locales';
import { setTimeZone } from '@/locales/format';

const lastWorkspace = 'tenon.workspace';

/** Remembers where "/" leads. */
export function rememberWorkspace(key: string): void {
  localStorage.setItem(lastWorkspace, key);
}

let applied = '';

// The member's own choices win over what this browser remembered, but only once
// per sign-in: later changes of this browser go to the profile by themselves.
async function applyProfile(boot: Bootstrap): Promise<void> {
  if (!boot.me || applied === boot.me.id) return;
  applied = boot.me.id;
  setTimeZone(boot.me.time_zone || boot.workspaces[0]?.time_zone);
  if (boot.me.theme) setTheme(boot.me.theme);
  if (boot.me.locale && boot.me.locale !== wantedLocale()) await setLocale(boot.me.locale);
}

export async function loadBootstrap(client: QueryClient): Promise<Bootstrap> {
  const boot = await client.ensureQueryData(bootstrapQuery);
  await applyProfile(boot);
  return boot;
}

/** For pages of members: sends everybody else to set-up or sign-in. */
export async function requireMember(client: QueryClient, request: Request): Promise<Bootstrap> {
  const boot = await loadBootstrap(client);
  if (boot.setup_required) throw redirect('/setup');
  if (!boot.me) {
    const url = new URL(request.url);
    const next = url.pathname + url.search;
    throw redirect(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
  }
  return boot;
}

/** The address of a workspace's home: the last one used here, else the first. */
export function homePath(boot: Bootstrap): string {
  const last = localStorage.getItem(lastWorkspace);
  const workspace = boot.workspaces.find((w) => w.key === last) ?? boot.workspaces[0];
  return workspace ? `/w/${workspace.key}` : '/new-workspace';
}

/** A "next" parameter that stays on this site. */
export function safeNext(next: string | null): string | null {
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
