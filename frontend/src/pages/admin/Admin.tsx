import { type ComponentType, lazy, Suspense } from 'react';
import { useParams } from 'react-router';
import { SkeletonRows } from '@/kit';
import { NotFound } from '../errors/NotFound';

// Each section is a file of its own: members do not download the examples of the API.
const pages: Record<string, ComponentType> = {
  members: lazy(async () => ({ default: (await import('./MembersPage')).MembersPage })),
  departments: lazy(async () => ({ default: (await import('./DepartmentsPage')).DepartmentsPage })),
  roles: lazy(async () => ({ default: (await import('./RolesPage')).RolesPage })),
  invitations: lazy(async () => ({ default: (await import('./InvitationsPage')).InvitationsPage })),
  settings: lazy(async () => ({ default: (await import('./SettingsPage')).SettingsPage })),
  api: lazy(async () => ({ default: (await import('./ApiPage')).ApiPage })),
  webhooks: lazy(async () => ({ default: (await import('./WebhooksPage')).WebhooksPage })),
  audit: lazy(async () => ({ default: (await import('./AuditPage')).AuditPage })),
  'recycle-bin': lazy(async () => ({ default: (await import('./RecyclePage')).RecyclePage })),
};

/** One section of workspace administration. */
export function Admin() {
  const { section = '' } = useParams();
  const Section = pages[section];
  if (!Section) return <NotFound />;
  return (
    <Suspense fallback={<SkeletonRows />}>
      <Section />
    </Suspense>
  );
}
