// The shapes of the HTTP API and of the definition documents, as the server
// sends them. Ids are strings; numbers with more than 15 digits are strings.

/** A text of a definition: one for all languages, or one per language. */
export type Text = string | { 'zh-CN'?: string; 'en-US'?: string };

/** The twelve hues of the product. */
export type Hue =
  | 'gray'
  | 'red'
  | 'orange'
  | 'amber'
  | 'lime'
  | 'green'
  | 'jade'
  | 'cyan'
  | 'blue'
  | 'indigo'
  | 'violet'
  | 'pink';

export type LocaleName = 'zh-CN' | 'en-US';
export type ThemeName = 'light' | 'dark' | 'auto';
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

// --- faults -----------------------------------------------------------------

/** One fault of a request: where, what, in words. */
export interface FaultItem {
  path: string;
  code: string;
  params?: Record<string, Json>;
  message: string;
}

/** An RFC 9457 problem. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: FaultItem[];
}

// --- session ----------------------------------------------------------------

export interface Me {
  id: string;
  email: string;
  name: string;
  locale: LocaleName;
  theme: ThemeName;
  time_zone: string;
  avatar?: string | null;
}

export interface WorkspaceRef {
  id: string;
  key: string;
  name: string;
  admin: boolean;
  member_id: string;
  time_zone: string;
}

export interface Bootstrap {
  version: string;
  setup_required: boolean;
  locale: LocaleName;
  me: Me | null;
  workspaces: WorkspaceRef[];
  unread: number;
  tasks: number;
}

export interface InvitationInfo {
  workspace: string;
  name?: string;
}

// --- workspace administration -----------------------------------------------

export type MemberStatus = 'active' | 'placeholder' | 'disabled';

export interface Member {
  id: string;
  name: string;
  email?: string | null;
  status: MemberStatus;
  admin: boolean;
  departments: string[];
  roles: { app: string; role: string }[];
  avatar?: string | null;
}

export interface Department {
  id: string;
  name: string;
  parent: string | null;
  head: string | null;
}

export interface DirectoryMember {
  id: string;
  name: string;
  status: MemberStatus;
  departments: string[];
}

/** What pickers of members and departments show. */
export interface Directory {
  members: DirectoryMember[];
  departments: Department[];
}

export interface Invitation {
  id: string;
  url?: string;
  token?: string;
  roles: { app: string; role: string }[];
  departments: string[];
  member_id: string | null;
  uses: number;
  max_uses: number;
  expires_at: string;
  created_at: string;
}

/** What is asked of a new invitation. */
export interface NewInvitation {
  roles: { app: string; role: string }[];
  departments: string[];
  member_id?: string;
  expires_days: number;
  max_uses: number;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: { app?: string; ops: string[] }[];
  expires_at?: string | null;
  last_used_at?: string | null;
  created_at?: string;
  /** Present only in the answer to its creation. */
  secret?: string;
}

export interface Webhook {
  id: string;
  app: string;
  entity?: string | null;
  events: string[];
  url: string;
  enabled: boolean;
  secret?: string;
}

export interface WebhookDelivery {
  id: string;
  event: string;
  state: string;
  status?: number | null;
  attempts?: number;
  error?: string | null;
  request?: Json;
  response?: string | null;
  created_at: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: { id: string; name: string; kind: string } | null;
  action: string;
  target?: { kind: string; id: string; name?: string } | null;
  app?: string | null;
  detail?: Json;
  address?: string;
}

export interface WorkspaceSettings {
  name: string;
  time_zone: string;
  smtp?: {
    host: string;
    port: number;
    user?: string;
    password?: string;
    from?: string;
    tls?: string;
  } | null;
  [key: string]: unknown;
}

export interface OutboxMail {
  id: string;
  to: string;
  subject: string;
  body: string;
  created_at: string;
}

export interface RecycleItem {
  kind: string;
  id: string;
  name: string;
  app?: string | null;
  entity?: string | null;
  deleted_at: string;
  deleted_by?: string | null;
}

// --- apps -------------------------------------------------------------------

export interface AppSummary {
  id: string;
  key: string;
  name: Text;
  icon?: string;
  hue?: Hue;
  version: number;
  draft_changes: number;
  role: { admin: boolean };
  description?: Text;
}

export interface MenuItem {
  id: string;
  name: Text;
  icon?: string;
  entity?: string;
  view?: string;
  form?: string;
  dashboard?: string;
  url?: string;
  items?: MenuItem[];
  roles?: string[];
  advanced?: boolean;
}

export interface Param {
  key: string;
  name: Text;
  help?: Text;
  type: 'number' | 'text' | 'boolean' | 'list';
  value: Json;
  unit?: Text;
}

export interface ChecklistItem {
  key: string;
  title: Text;
  help?: Text;
  link?: string;
  signal: string;
}

/** The app document. */
export interface AppInfo {
  id: string;
  key: string;
  name: Text;
  description?: Text;
  icon?: string;
  hue?: Hue;
  menu?: MenuItem[];
  params?: Param[];
  home?: Record<string, string>;
  module?: string;
  light_menu?: string[];
  checklist?: ChecklistItem[];
  origin?: { template: string; version: string };
}

export interface Choice {
  key: string;
  label: Text;
  hue?: Hue;
  aliases?: string[];
  retired?: boolean;
}

export interface FieldDefault {
  value?: Json;
  formula?: string;
  url_param?: string;
  current?: 'member' | 'department' | 'time' | 'date';
}

/** A column of an entity as the definition holds it. */
export interface Field {
  id: string;
  key: string;
  name: Text;
  type: string;
  help?: Text;
  options?: Record<string, Json>;
  required?: boolean;
  required_when?: string;
  unique?: boolean;
  indexed?: boolean;
  default?: FieldDefault;
  fields?: Field[];
}

/** What a field can do, derived from its type by the server. */
export interface FieldTraits {
  computed?: boolean;
  generated?: boolean;
  multiple?: boolean;
  searchable?: boolean;
  groupable?: boolean;
  unique?: boolean;
  holds_ref?: boolean;
  holds_file?: boolean;
  writable?: boolean;
  [trait: string]: boolean | undefined;
}

/** A field as the caller may use it in a published app. */
export interface RuntimeField extends Omit<Field, 'fields'> {
  kind: string;
  elem?: string;
  traits: FieldTraits;
  readable: boolean;
  writable: boolean;
  masked?: boolean;
  link?: { entity: string; many: boolean } | null;
  choices?: Choice[];
  fields?: RuntimeField[];
}

export interface Check {
  id: string;
  when: string;
  message: Text;
  fields?: string[];
}

export interface Entity {
  id: string;
  key: string;
  name: Text;
  icon?: string;
  hue?: Hue;
  title: string;
  subtitle?: string[];
  owner_name?: Text;
  fields: Field[];
  checks?: Check[];
  indexes?: string[][];
  comments?: boolean;
  module?: string;
  help?: Text;
}

export type EntityOp = 'create' | 'read' | 'update' | 'delete' | 'import' | 'export';

export interface RuntimeEntity extends Omit<Entity, 'fields'> {
  ops: EntityOp[];
  fields: RuntimeField[];
}

export interface LayoutTab {
  title: Text;
  items: LayoutNode[];
}

export interface LayoutNode {
  type: 'field' | 'section' | 'tabs' | 'text' | 'divider' | 'related';
  field?: string;
  width?: number;
  label?: Text;
  help?: Text;
  read_only?: boolean;
  title?: Text;
  folded?: boolean;
  text?: Text;
  items?: LayoutNode[];
  tabs?: LayoutTab[];
  entity?: string;
  via?: string;
}

export interface DisplayRule {
  id: string;
  when: string;
  show?: string[];
  hide?: string[];
  lock?: string[];
}

export interface Form {
  id: string;
  key: string;
  entity: string;
  name: Text;
  layout: LayoutNode[];
  rules?: DisplayRule[];
  hidden_policy?: 'keep' | 'clear' | 'recompute';
  submit_text?: Text;
  thanks_text?: Text;
  default?: boolean;
}

export interface Sort {
  field: string;
  desc?: boolean;
}

export interface ViewColumn {
  field: string;
  width?: number;
  footer?: 'sum' | 'avg' | 'min' | 'max' | 'count' | 'filled';
}

export interface ViewConfig {
  columns?: ViewColumn[];
  filter?: string;
  sort?: Sort[];
  group?: string[];
  frozen?: number;
  row_height?: 'compact' | 'default' | 'tall';
  group_by?: string;
  cards?: string[];
  sum?: string;
  start?: string;
  end?: string;
  color_by?: string;
}

export interface View {
  id: string;
  key: string;
  entity: string;
  name: Text;
  type: string;
  config: ViewConfig;
}

/** A view somebody saved for themselves or for others outside the definition. */
export interface SavedView extends View {
  kind: 'personal' | 'shared';
  owner?: string;
}

export interface Widget {
  id: string;
  type: string;
  title: Text;
  x: number;
  y: number;
  w: number;
  h: number;
  config: Record<string, Json>;
}

export interface BoardFilter {
  id: string;
  name: Text;
  type: 'date' | 'member' | 'select';
  fields: Record<string, string>;
  default?: Json;
}

export interface Dashboard {
  id: string;
  key: string;
  name: Text;
  widgets: Widget[];
  filters?: BoardFilter[];
  phone?: string[];
}

export interface Trigger {
  type:
    | 'created'
    | 'updated'
    | 'created_or_updated'
    | 'deleted'
    | 'restored'
    | 'computed'
    | 'schedule'
    | 'date'
    | 'button'
    | 'webhook'
    | 'task_finished';
  fields?: string[];
  enter?: boolean;
  cron?: string;
  each?: string;
  field?: string;
  offset?: string;
  at?: string;
  yearly?: boolean;
  label?: Text;
  icon?: string;
  confirm?: Text;
  inputs?: Field[];
  bulk?: boolean;
  roles?: string[];
  task?: string;
  outcome?: string;
  secret?: string;
}

export interface Step {
  id: string;
  type: string;
  name?: Text;
  when?: string;
  options?: Record<string, Json>;
  steps?: Step[];
  else?: Step[];
}

export interface Rule {
  id: string;
  key: string;
  name: Text;
  help?: Text;
  entity?: string;
  mode?: 'async' | 'sync' | 'validate';
  trigger: Trigger;
  condition?: string;
  steps: Step[];
  off?: boolean;
  run_as?: string;
  module?: string;
}

export interface FieldRule {
  field: string;
  rule: 'hidden' | 'partial' | 'read_only' | 'visible';
  when?: string;
}

export interface Grant {
  entity: string;
  ops: EntityOp[];
  filter?: string;
  fields?: FieldRule[];
  hide_others?: boolean;
}

export interface Role {
  id: string;
  key: string;
  name: Text;
  help?: Text;
  grants: Grant[];
  admin?: boolean;
}

/** A node of a checked expression, evaluated in the browser. */
export type ExprTree = { [key: string]: Json };

/** Everything a member needs to use a published app. */
export interface Runtime {
  app: AppInfo;
  version: number;
  /** Members start with the short menu. */
  light: boolean;
  me: { member_id: string; admin: boolean; roles: string[] };
  entities: RuntimeEntity[];
  forms: Form[];
  views: View[];
  dashboards: Dashboard[];
  buttons: Rule[];
  params: Record<string, Json>;
  trees: Record<string, ExprTree>;
}

// --- drafts and versions ----------------------------------------------------

export type DocKind = 'app' | 'entity' | 'form' | 'view' | 'dashboard' | 'rule' | 'role';

/** The body of each kind of definition document. */
export interface DocBodies {
  app: AppInfo;
  entity: Entity;
  form: Form;
  view: View;
  dashboard: Dashboard;
  rule: Rule;
  role: Role;
}

export type DraftDoc = {
  [K in DocKind]: { id: string; kind: K; rev: number; changed: boolean; deleted: boolean; body: DocBodies[K] };
}[DocKind];

export interface Draft {
  rev: number;
  docs: DraftDoc[];
}

export interface PlanChange {
  kind: string;
  doc: string;
  path: string;
  text: Text;
  severity: 'info' | 'warn' | 'danger';
}

export interface PublishPlan {
  changes: PlanChange[];
  sql_actions: Json[];
  faults: FaultItem[];
  hash: string;
}

export interface AppVersion {
  version: number;
  note?: string;
  published_at: string;
  published_by?: string;
  [key: string]: unknown;
}

export interface ExprFault {
  from: number;
  to: number;
  message: string;
}

export interface ExprCheck {
  kind: string;
  faults: ExprFault[];
  tree?: ExprTree;
}

export interface ExprTry {
  value: Json;
  steps: { text: string; value: Json }[];
}

// --- records ----------------------------------------------------------------

/** One record: its fields by key beside the system keys. */
export interface RecordData {
  id: string;
  rev: number;
  created_at?: string;
  created_by?: string | null;
  updated_at?: string;
  updated_by?: string | null;
  owner?: string | null;
  _title?: string;
  [key: string]: unknown;
}

export type FilterOp =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'nin'
  | 'contains'
  | 'not_contains'
  | 'starts'
  | 'empty'
  | 'not_empty'
  | 'between'
  | 'today'
  | 'this_week'
  | 'this_month'
  | 'last_n_days'
  | 'next_n_days'
  | 'me';

export type FilterTree = { and: FilterTree[] } | { or: FilterTree[] } | { field: string; op: FilterOp; value?: Json };

export interface RecordQuery {
  filter?: string | FilterTree;
  /** "-amount,name" or the stored form. */
  sort?: string | Sort[];
  limit?: number;
  cursor?: string;
  offset?: number;
  fields?: string[];
  expand?: string[];
  count?: 'exact' | 'none';
  search?: string;
  view?: string;
}

export interface RecordPage {
  records: RecordData[];
  next_cursor?: string | null;
  count?: number;
  count_estimated?: boolean;
  _names?: Record<string, string>;
}

export type BatchOp =
  | { op: 'create'; values: Record<string, unknown> }
  | { op: 'update'; id: string; rev?: number; values: Record<string, unknown> }
  | { op: 'upsert'; match: string[]; values: Record<string, unknown> }
  | { op: 'delete' | 'restore'; id: string; rev?: number };

export interface BatchResult {
  results: { id: string; rev: number; op: string }[];
  operation: string;
}

export interface BulkSelect {
  ids?: string[];
  query?: { filter?: string | FilterTree; search?: string };
  except?: string[];
}

export interface BulkResult {
  operation: string;
  count: number;
}

export interface AggregateQuery {
  group_by: { field: string; bucket?: 'day' | 'week' | 'month' | 'quarter' | 'year' }[];
  measures: { fn: 'count' | 'sum' | 'avg' | 'min' | 'max' | string; field?: string; as: string }[];
  filter?: string | FilterTree;
  search?: string;
  order?: string;
  limit?: number;
  having?: string;
}

export interface AggregateResult {
  rows: Record<string, Json>[];
  _names?: Record<string, string>;
}

export interface HistoryEntry {
  id: string;
  at: string;
  op: string;
  actor: { id: string; name: string; kind: string } | null;
  cause?: Json;
  changes: { field: string; before: Json; after: Json }[];
}

export interface Comment {
  id: string;
  text: string;
  mentions?: string[];
  created_at: string;
  created_by: { id: string; name: string } | null;
}

export interface RelatedList {
  entity: string;
  via: string;
  count?: number;
  records: RecordData[];
  _names?: Record<string, string>;
}

/** A record that an undo left as it is. */
export interface Kept {
  entity: string;
  id: string;
  reason: 'changed' | 'gone' | 'denied';
}

export interface UndoResult {
  reverted: number;
  kept: Kept[];
  /** Members without an account that came with the operation and are gone, or are back. */
  members: number;
  /** Names of those who stay because something else refers to them. */
  members_kept: string[];
}

export interface Operation {
  id: string;
  kind: string;
  label?: Text;
  at: string;
  by?: string | null;
  entity?: string;
  count: number;
  undone?: boolean;
  [key: string]: unknown;
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  type: string;
}

// --- import -----------------------------------------------------------------

export interface ImportColumn {
  name: string;
  samples: string[];
  guess: { field?: string; type?: string; new?: string };
}

export interface ImportUpload {
  upload: string;
  sheets?: string[];
  encoding?: string;
  delimiter?: string;
  columns: ImportColumn[];
  rows: number;
}

export interface ImportDryRun {
  ok: number;
  bad: number;
  rows: { row: number; errors: FaultItem[]; values?: Record<string, Json> }[];
  rules: { rule: string; runs: number }[];
}

export interface Job {
  id?: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | string;
  progress: number;
  total: number;
  result?: { [key: string]: Json } | null;
  error?: ProblemBody | string | null;
}

// --- tasks, notifications, runs ---------------------------------------------

export type TaskTab = 'todo' | 'done' | 'created';

export interface TaskOutcome {
  key: string;
  label: Text;
  needs_comment?: boolean;
}

export interface Task {
  id: string;
  title: string;
  text?: string;
  app: string;
  app_name?: Text;
  entity?: string | null;
  record_id?: string | null;
  record_title?: string | null;
  kind: string;
  due?: string | null;
  outcomes: TaskOutcome[];
  assignees: { id: string; name: string }[] | string[];
  state: 'open' | 'done' | 'closed' | string;
  outcome?: string | null;
  comment?: string | null;
  priority?: 'low' | 'normal' | 'high' | 'urgent';
  created_at: string;
}

export interface Notification {
  id: string;
  kind: string;
  title: string;
  text?: string;
  app?: string | null;
  entity?: string | null;
  record_id?: string | null;
  link?: string | null;
  read: boolean;
  created_at: string;
}

export interface RunStep {
  id: string;
  type: string;
  state: string;
  input?: Json;
  output?: Json;
  error?: string | null;
  started_at?: string | null;
  finished_at?: string | null;
}

export interface Run {
  id: string;
  rule: string;
  rule_name?: Text;
  record?: string | null;
  state: string;
  started_at?: string | null;
  finished_at?: string | null;
  created_at: string;
  error?: string | null;
  steps?: RunStep[];
  condition?: { text: string; value: Json }[];
}

export interface RuleDryRun {
  matched: boolean;
  condition: { text: string; value: Json }[];
  steps: RunStep[];
  diffs: { entity: string; id: string; before: Json; after: Json }[];
  messages: string[];
}

// --- sharing, templates, catalog --------------------------------------------

export interface Share {
  id: string;
  kind: 'form' | 'view' | 'record';
  target: string;
  url?: string;
  token?: string;
  password?: string | boolean | null;
  from?: string | null;
  until?: string | null;
  quota?: number | null;
  once?: boolean;
  fields?: string[];
  enabled?: boolean;
  used?: number;
}

export interface PublicShare {
  kind: 'form' | 'view' | 'record';
  name: Text;
  workspace?: string;
  password_required?: boolean;
  app?: AppInfo;
  entity?: RuntimeEntity;
  form?: Form;
  view?: View;
  record?: RecordData;
  records?: RecordPage;
  trees?: Record<string, ExprTree>;
  _names?: Record<string, string>;
}

export interface TemplateSummary {
  name: string;
  version: string;
  title: Text;
  description: Text;
  category: string;
  icon: string;
  hue: Hue;
  locales: string[];
  modules: { key: string; name: Text; help: Text }[];
  highlights: Text[];
  /** Sample data can come with it. */
  sample: boolean;
  entities: number;
  rules: number;
  dashboards: number;
}

type OfModule<T> = T & { module?: string };

/** A template with its documents, which refer to each other by key. */
export interface TemplateDetail extends TemplateSummary {
  app: {
    app: AppInfo;
    entities: OfModule<Entity>[];
    forms: Form[];
    views: View[];
    dashboards: OfModule<Dashboard>[];
    rules: OfModule<Rule>[];
    roles: Role[];
  };
}

/** How far an app is set up. */
export interface SetupSignals {
  departments: boolean;
  invitations: boolean;
  roles: boolean;
  import: boolean;
  params: boolean;
  notification: boolean;
  sample_removed: boolean;
  /** Samples that are still there. */
  samples: number;
}

/** What taking the samples out has done. */
export interface SampleRemoval {
  records: number;
  members: number;
  departments: number;
  kept: {
    entity: string;
    id: string;
    title: string;
    by?: { app?: string; entity: string; id: string; title?: string };
  }[];
}

/** A row that cannot come in, and why. */
export interface ImportRefusal {
  row: number;
  errors: { column?: string; field?: string; message: string }[];
}

/** A form that would hold a table. */
export interface FormProposal {
  upload: string;
  kind: string;
  sheets: string[] | null;
  sheet: string;
  rows: number;
  /** The first rows, as they were read. */
  preview: string[][];
  form: ProposedForm;
}

export interface ProposedForm {
  name: Text;
  key?: string;
  icon?: string;
  hue?: string;
  title?: string;
  columns: ProposedColumn[];
}

export interface ProposedColumn {
  column: string;
  name: Text;
  key: string;
  type: string;
  options?: { [key: string]: Json };
  find?: string[];
}

export interface WidgetData {
  rows: Record<string, Json>[];
  _names?: Record<string, string>;
  [key: string]: unknown;
}

export interface CatalogEntry {
  name: string;
  group?: string;
  icon?: string;
  label: Text;
  help?: Text;
  options?: { [key: string]: Json };
  version?: number;
  [key: string]: unknown;
}

/** Every part the server knows, by registry. */
export type Catalog = Record<string, CatalogEntry[]>;

/** An event of the stream. */
export type ServerEvent =
  | { type: 'record'; app: string; entity: string; id: string; rev: number; op: string }
  | { type: 'notification'; id?: string }
  | { type: 'task'; id?: string }
  | { type: 'job'; id: string };
