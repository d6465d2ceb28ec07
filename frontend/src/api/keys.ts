// Query keys: resource first, then what identifies it, so that events and
// mutations can invalidate exactly what changed.
export const keys = {
  bootstrap: ['bootstrap'] as const,
  catalog: ['catalog'] as const,
  invitation: (token: string) => ['invitation', token] as const,
  job: (id: string) => ['job', id] as const,

  workspace: (ws: string) => ['workspace', ws] as const,
  apps: (ws: string) => ['workspace', ws, 'apps'] as const,
  directory: (ws: string, search = '') => ['workspace', ws, 'directory', search] as const,
  members: (ws: string) => ['workspace', ws, 'members'] as const,
  departments: (ws: string) => ['workspace', ws, 'departments'] as const,
  invitations: (ws: string) => ['workspace', ws, 'invitations'] as const,
  apiKeys: (ws: string) => ['workspace', ws, 'api-keys'] as const,
  audit: (ws: string, filter: unknown = null) => ['workspace', ws, 'audit', filter] as const,
  webhooks: (ws: string) => ['workspace', ws, 'webhooks'] as const,
  deliveries: (ws: string, id: string) => ['workspace', ws, 'webhooks', id, 'deliveries'] as const,
  settings: (ws: string) => ['workspace', ws, 'settings'] as const,
  secrets: (ws: string) => ['workspace', ws, 'secrets'] as const,
  outbox: (ws: string) => ['workspace', ws, 'outbox'] as const,
  recycleBin: (ws: string) => ['workspace', ws, 'recycle-bin'] as const,

  app: (app: string) => ['app', app] as const,
  runtime: (app: string) => ['app', app, 'runtime'] as const,
  checklist: (app: string) => ['app', app, 'checklist'] as const,
  draft: (app: string) => ['app', app, 'draft'] as const,
  versions: (app: string) => ['app', app, 'versions'] as const,
  savedViews: (app: string) => ['app', app, 'views'] as const,
  shares: (app: string) => ['app', app, 'shares'] as const,
  operations: (app: string) => ['app', app, 'operations'] as const,
  runs: (app: string, filter: unknown = null) => ['app', app, 'runs', filter] as const,
  run: (id: string) => ['run', id] as const,
  widget: (app: string, dashboard: string, widget: string, filters: unknown) =>
    ['app', app, 'dashboards', dashboard, widget, filters] as const,
  widgets: (app: string) => ['app', app, 'dashboards'] as const,

  takenRows: (app: string, entity: string, upload: string, rows: unknown) =>
    ['app', app, 'taken-rows', entity, upload, rows] as const,
  mappings: (app: string, entity: string) => ['app', app, 'mappings', entity] as const,
  entity: (app: string, entity: string) => ['app', app, 'records', entity] as const,
  records: (app: string, entity: string, query: unknown) => ['app', app, 'records', entity, 'list', query] as const,
  recordLists: (app: string, entity: string) => ['app', app, 'records', entity, 'list'] as const,
  aggregate: (app: string, entity: string, query: unknown) =>
    ['app', app, 'records', entity, 'aggregate', query] as const,
  aggregates: (app: string, entity: string) => ['app', app, 'records', entity, 'aggregate'] as const,
  record: (app: string, entity: string, id: string) => ['app', app, 'records', entity, 'one', id] as const,
  history: (app: string, entity: string, id: string) => ['app', app, 'records', entity, 'one', id, 'history'] as const,
  readers: (app: string, entity: string, id: string) => ['app', app, 'records', entity, 'one', id, 'readers'] as const,
  comments: (app: string, entity: string, id: string) =>
    ['app', app, 'records', entity, 'one', id, 'comments'] as const,
  related: (app: string, entity: string, id: string) => ['app', app, 'records', entity, 'one', id, 'related'] as const,

  /** What is to do and was done about one record; below `tasks()`, so that their news reach it. */
  recordTasks: (app: string, entity: string, id: string) => ['tasks', 'of', app, entity, id] as const,
  tasks: (tab?: string) => (tab ? (['tasks', tab] as const) : (['tasks'] as const)),
  notifications: (unread?: boolean) =>
    unread === undefined ? (['notifications'] as const) : (['notifications', unread] as const),
  templates: ['templates'] as const,
  template: (name: string) => ['templates', name] as const,
  share: (token: string) => ['share', token] as const,
};
