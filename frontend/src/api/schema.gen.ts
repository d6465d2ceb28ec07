// Code generated from the OpenAPI document by go run ./cmd/dev gen. DO NOT EDIT.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface ActorRef {
  id: string;
  kind: string;
  name: string;
}

export interface App {
  app: Info;
  dashboards: Dashboard[];
  entities: Entity[];
  forms: Form[];
  roles: Role[];
  rules: Rule[];
  views: View[];
}

export interface AppAdmin {
  admin: boolean;
}

export interface AppRole {
  app: string;
  /** id or key of the role */
  role: string;
}

export interface AppSummary {
  /** of the published version */
  description?: Text;
  draft_changes: number;
  /** how many forms the published version has */
  forms: number;
  hue: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  icon: string;
  id: string;
  key: string;
  name: Text;
  role: AppAdmin;
  template?: string;
  version: number;
}

export interface AuditActor {
  id: string;
  kind: string;
  name: string;
}

export interface AuditBody {
  action: string;
  actor: AuditActor | null;
  address?: string;
  app: string | null;
  at: string;
  detail: { [key: string]: Json };
  id: string;
  target: AuditTarget | null;
}

export interface AuditPage {
  items: AuditBody[];
  next_cursor: string | null;
}

export interface AuditTarget {
  id: string;
  kind: string;
  name?: string;
}

export interface BatchBody {
  operation: string;
  results: BatchResult[];
}

export interface BatchOp {
  id?: string;
  /** upsert: fields to find the record by */
  match?: string[];
  /** create update upsert delete restore */
  op: string;
  rev?: number;
  values?: { [key: string]: Json };
}

export interface BatchResult {
  error?: Problem;
  id: string;
  op: string;
  rev: number;
}

export interface BoardFilter {
  default?: Json;
  fields: { [key: string]: string };
  id: string;
  name: Text;
  type: 'date' | 'member' | 'select';
}

export interface BootstrapBody {
  /** Sign-in works over plain http, because the operator allowed it. */
  insecure?: boolean;
  locale: 'zh-CN' | 'en-US';
  me: MeBody | null;
  setup_required: boolean;
  tasks: number;
  unread: number;
  version: string;
  workspaces: WorkspaceRef[];
}

export interface BulkBody {
  count: number;
  operation: string;
}

export interface ButtonBody {
  entity?: string;
  message?: string;
  open?: string;
  record?: Json;
  run: string;
}

export interface CellError {
  code: string;
  column?: string;
  field?: string;
  message: string;
  params?: { [key: string]: Json };
}

export interface Change {
  doc: string;
  doc_kind: string;
  kind: string;
  path: string;
  severity: 'info' | 'warn' | 'danger';
  text: Text;
}

export interface ChangeBody {
  after: Json;
  after_text: string;
  before: Json;
  before_text: string;
  field: string;
  name: Text;
}

export interface Check {
  fields?: string[];
  id: string;
  message: Text;
  when: string;
}

export interface CheckBody {
  faults: ExprFault[];
  kind: string;
  tree?: Json;
}

export interface ChecklistItem {
  help?: Text;
  key: string;
  link?: string;
  signal: string;
  title: Text;
}

export interface Choice {
  aliases?: string[];
  hue?: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  key: string;
  label: Text;
  retired?: boolean;
}

export interface ColumnMap {
  blank?: string;
  column?: string;
  create?: boolean;
  factor?: number;
  field?: string;
  find?: string[];
  on_blank?: string;
  text?: string;
  values?: { [key: string]: string };
}

export interface CommentBody {
  created_at: string;
  created_by: ActorRef | null;
  edited_at: string | null;
  id: string;
  mentions: string[];
  /** in the answer to a new comment: who is mentioned and may not see the record */
  not_told?: string[];
  text: string;
}

export interface Dashboard {
  filters?: BoardFilter[];
  id: string;
  key: string;
  name: Text;
  phone?: string[];
  widgets: Widget[];
}

export interface Default {
  current?: 'member' | 'department' | 'time' | 'date';
  formula?: string;
  url_param?: string;
  value?: Json;
}

export interface DeliveryBody {
  attempts: number;
  created_at: string;
  ended_at: string | null;
  event: string;
  id: string;
  next_at: string | null;
  request: Json;
  response: string;
  state: string;
  status: number;
}

export interface DepartmentBody {
  head: string | null;
  id: string;
  name: string;
  parent: string | null;
  position: number;
  /** held by everybody in it and below */
  roles?: AppRole[];
}

export interface DirectoryBody {
  departments: DepartmentBody[];
  members: DirectoryMember[];
}

export interface DirectoryMember {
  departments: string[];
  id: string;
  name: string;
  status: 'active' | 'placeholder' | 'disabled';
}

export interface DisplayRule {
  hide?: string[];
  id: string;
  lock?: string[];
  show?: string[];
  when: string;
}

export interface DocSaved {
  faults: ProblemItem[];
  rev: number;
}

export interface DocState {
  body: Json;
  changed: boolean;
  deleted: boolean;
  id: string;
  kind: string;
  rev: number;
}

export interface DraftBody {
  docs: DocState[];
  rev: number;
}

export interface DryBody {
  bad: number;
  created: number;
  members: number;
  ok: number;
  related: { [key: string]: number };
  rows: Refused[];
  rules: RuleRuns[];
  skipped: number;
  unchanged: number;
  updated: number;
}

export interface DryDiff {
  after: { [key: string]: Json };
  before: { [key: string]: Json };
  entity: string;
  id: string;
  op: string;
}

export interface DryRunBody {
  /** display names of the people, departments and records shown */
  _names: { [key: string]: string };
  condition: Seen[];
  diffs: DryDiff[];
  matched: boolean;
  messages: Json[];
  problems: RunProblem[];
  steps: DryStep[];
}

export interface DryStep {
  error: Json;
  id: string;
  input: Json;
  output: Json;
  state: string;
  type: string;
}

export interface Entity {
  checks?: Check[];
  comments?: boolean;
  fields: Field[];
  help?: Text;
  hue?: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  icon?: string;
  id: string;
  indexes?: string[][];
  key: string;
  module?: string;
  name: Text;
  owner_name?: Text;
  subtitle?: string[];
  title: string;
}

export interface EvaluateBody {
  faults: ProblemItem[];
  values: { [key: string]: Json };
}

export interface ExprFault {
  code: string;
  from: number;
  message: string;
  to: number;
}

export interface FaultsBody {
  faults: ProblemItem[];
}

export interface Field {
  default?: Default;
  fields?: Field[];
  help?: Text;
  id: string;
  indexed?: boolean;
  key: string;
  name: Text;
  options?: { [key: string]: Json };
  required?: boolean;
  required_when?: string;
  type: string;
  unique?: boolean;
}

export interface FieldRule {
  field: string;
  rule: 'hidden' | 'partial' | 'read_only' | 'visible';
  when?: string;
}

export interface FileBody {
  id: string;
  name: string;
  size: number;
  type: string;
}

export interface Fix {
  cells?: { [key: string]: string };
  row?: number;
}

export interface Form {
  default?: boolean;
  entity: string;
  hidden_policy?: 'keep' | 'clear' | 'recompute';
  id: string;
  key: string;
  layout: Node[];
  name: Text;
  rules?: DisplayRule[];
  submit_text?: Text;
  thanks_text?: Text;
}

export interface FormColumn {
  column?: string;
  find?: string[];
  key?: string;
  name?: Text;
  options?: { [key: string]: Json };
  type?: string;
}

export interface Grant {
  entity: string;
  fields?: FieldRule[];
  filter?: string;
  hide_others?: boolean;
  ops: ('create' | 'read' | 'update' | 'delete' | 'import' | 'export')[];
}

export interface GroupItem {
  as?: string;
  /** day week month quarter year */
  bucket?: string;
  field: string;
}

export interface Health {
  status: string;
  version?: string;
}

export interface HintsBody {
  /** each about the rule named by doc */
  hints: Change[];
}

export interface HistoryBody {
  actor: ActorRef | null;
  at: string;
  cause?: string;
  changes: ChangeBody[];
  id: string;
  op: string;
  operation?: string;
  rev: number;
}

export interface HookBody {
  run: string;
}

export interface IdentityAppRole {
  app?: string;
  role?: string;
}

export interface Import {
  columns: TemplatesImportColumn[];
  entity: string;
  examples?: string[];
  help: Text;
  key: string;
  match: string[];
  name: Text;
  rows?: { [key: string]: string };
}

export interface ImportColumn {
  distinct: number;
  filled: number;
  guess: ImportGuess;
  key: string;
  name: string;
  options?: Json;
  samples: string[];
}

export interface ImportGuess {
  /** the field that the column seems to mean */
  field?: string;
  /** the type of a new field for it */
  type?: string;
}

export interface Info {
  checklist?: ChecklistItem[];
  description?: Text;
  home?: { [key: string]: string };
  hue?: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  icon?: string;
  id: string;
  key: string;
  light_menu?: string[];
  menu?: MenuItem[];
  module?: string;
  name: Text;
  origin?: Origin;
  params?: Param[];
}

export interface InstallKept {
  by?: Referrer;
  entity: string;
  id: string;
  title: string;
}

export interface InstalledBody {
  app: string;
  job: string | null;
}

export interface InvitationBody {
  created_at: string;
  departments: string[];
  email?: string;
  expires_at: string | null;
  id: string;
  max_uses: number;
  member_id: string | null;
  roles: AppRole[];
  token?: string;
  url?: string;
  uses: number;
}

export interface InvitedBody {
  email?: string;
  /** of the placeholder to claim */
  name?: string;
  workspace: string;
}

export interface JobBody {
  created_at: string;
  ended_at: string | null;
  id: string;
  kind: string;
  progress: number;
  result: Json;
  state: string;
  total: number;
}

export interface Kept {
  entity: string;
  id: string;
  reason: 'changed' | 'gone' | 'denied';
}

export interface KeyBody {
  created_at: string;
  expires_at: string | null;
  id: string;
  last_used_at: string | null;
  name: string;
  prefix: string;
  scopes: ScopeBody[];
  /** only in the answer to its creation */
  secret?: string;
}

export interface MailBody {
  body: string;
  created_at: string;
  error?: string;
  id: string;
  sent_at: string | null;
  state: string;
  subject: string;
  to: string;
}

export interface Mapping {
  columns?: ColumnMap[];
  entity?: string;
  filter?: string;
  match?: string[];
  mode?: string;
  rows?: { [key: string]: string };
  rules?: boolean;
}

export interface MeBody {
  avatar: string | null;
  email: string;
  id: string;
  locale: 'zh-CN' | 'en-US';
  name: string;
  theme: 'light' | 'dark' | 'auto';
  time_zone: string;
}

export interface MeasureItem {
  as?: string;
  field?: string;
  /** count sum avg min max distinct */
  fn: string;
}

export interface MemberBody {
  admin: boolean;
  aliases: string[];
  available: boolean;
  departments: string[];
  email: string | null;
  id: string;
  name: string;
  roles: AppRole[];
  status: 'active' | 'placeholder' | 'disabled';
}

export interface MenuItem {
  advanced?: boolean;
  dashboard?: string;
  entity?: string;
  form?: string;
  icon?: string;
  id: string;
  items?: MenuItem[];
  name: Text;
  roles?: string[];
  url?: string;
  view?: string;
}

export interface Module {
  help: Text;
  key: string;
  name: Text;
}

export interface NameRef {
  id: string;
  name: string;
}

export interface Node {
  entity?: string;
  field?: string;
  folded?: boolean;
  help?: Text;
  items?: Node[];
  label?: Text;
  read_only?: boolean;
  tabs?: Tab[];
  text?: Text;
  title?: Text;
  type: 'field' | 'section' | 'tabs' | 'text' | 'divider' | 'related';
  via?: string;
  width?: number;
}

export interface NotificationBody {
  app: string | null;
  count: number;
  created_at: string;
  entity: string | null;
  id: string;
  kind: string;
  read: boolean;
  record_id: string | null;
  text: string;
  title: string;
  workspace: string;
}

export interface OperationBody {
  at: string;
  by: string | null;
  count: number;
  id: string;
  kind: string;
  label: Text;
  undone: boolean;
}

export interface Origin {
  template: string;
  version: string;
}

export interface Outcome {
  key?: string;
  label?: Text;
  needs_comment?: boolean;
}

export interface Param {
  help?: Text;
  key: string;
  name: Text;
  type: 'number' | 'text' | 'boolean' | 'list';
  unit?: Text;
  value: Json;
}

export interface Placed {
  departments?: string[];
  member?: string;
  roles?: IdentityAppRole[];
}

export interface PlanBody {
  changes: Change[];
  docs: string[];
  faults: ProblemItem[];
  hash: string;
  /** what deserves a thought and prevents nothing, such as rules that set each other off */
  hints: Change[];
  sql_actions: string[];
}

export interface Problem {
  code: string;
  detail: string;
  errors: ProblemItem[];
  request_id: string;
  status: number;
  title: string;
  type: string;
}

export interface ProblemItem {
  code: string;
  message: string;
  params?: { [key: string]: Json };
  path: string;
}

export interface ProposalBody {
  delimiter: string;
  encoding: string;
  form: TransferForm | null;
  kind: string;
  preview: string[][];
  rows: number;
  sheet: string;
  sheets: string[];
  upload: string;
}

export interface PublicBody {
  entity?: RuntimeEntity;
  form?: Form;
  kind: 'form' | 'view' | 'record';
  name: Text;
  record?: Json;
  records?: Json;
  time_zone: string;
  trees?: { [key: string]: Json };
  view?: View;
  workspace: string;
}

export interface PublishedBody {
  version: number;
}

export interface QueuedBody {
  job: string;
}

export interface QuickChoice {
  hue?: string;
  label?: Text;
}

export interface Read {
  delimiter?: string;
  encoding?: string;
  header?: number;
  sheet?: string;
}

export interface ReaderBody {
  /** sees and changes everything */
  admin: boolean;
  /** may change the record as well */
  change: boolean;
  id: string;
  name: string;
  /** the roles that show it */
  roles: Text[];
}

export interface ReadersBody {
  /** members looked at so far: the offset to go on from */
  asked: number;
  items: ReaderBody[];
  /** members of the workspace */
  of: number;
}

export interface ReasonBody {
  role: string;
  /** what the condition and its parts came to */
  seen?: Seen[];
  text: string;
  /** the condition of the role, for those who build the app */
  when?: string;
}

export interface RecycleBody {
  app: string | null;
  deleted_at: string;
  deleted_by: string | null;
  entity: string | null;
  /** of a record's form, in the caller's language */
  entity_name?: string;
  id: string;
  kind: string;
  name: string;
}

export interface Referrer {
  app?: string;
  entity: string;
  id: string;
  title?: string;
}

export interface Refused {
  cells?: { [key: string]: string };
  errors: CellError[];
  row: number;
}

export interface RelatedBody {
  _names: Json;
  count: number;
  entity: string;
  name: Text;
  records: Json;
  via: string;
}

export interface RemovedBody {
  departments: number;
  kept: InstallKept[];
  members: number;
  records: number;
}

export interface RestoredBody {
  doc: string;
  faults: ProblemItem[];
}

export interface Retired {
  entity: string;
  field?: Field;
  id: string;
  kept_until: string;
  name: Text;
  removed_at: string;
  version: number;
}

export interface Role {
  admin?: boolean;
  grants: Grant[];
  help?: Text;
  id: string;
  key: string;
  name: Text;
}

export interface Rule {
  condition?: string;
  entity?: string;
  help?: Text;
  id: string;
  key: string;
  mode?: 'async' | 'sync' | 'validate';
  module?: string;
  name: Text;
  off?: boolean;
  run_as?: string;
  steps: Step[];
  trigger: Trigger;
}

export interface RuleRuns {
  id: string;
  key: string;
  mode: string;
  name: Text;
  runs: number;
}

export interface RuleState {
  enabled: boolean;
  failed: number;
  id: string;
  key: string;
  last_run: string | null;
  /** of the latest thousand */
  runs: number;
}

export interface RunBody {
  app: string;
  cause?: string;
  created_at: string;
  depth: number;
  entity: string | null;
  error: Json;
  finished_at: string | null;
  id: string;
  /** names of the rules that set each other off, up to this run's own; of one run, where another one set it off */
  path?: Text[];
  record: string | null;
  rule: string;
  rule_name: Text;
  run_at: string;
  state: string;
  steps?: RunStep[];
  tries: number;
  trigger?: Json;
  version: number;
}

export interface RunProblem {
  code: string;
  'en-US': string;
  params?: { [key: string]: Json };
  path?: string;
  'zh-CN': string;
}

export interface RunStep {
  attempt: number;
  error: Json;
  finished_at: string | null;
  /** the step's id, with the loop's item: s1[3].s2 */
  id: string;
  input: Json;
  output: Json;
  started_at: string;
  state: string;
  type: string;
}

export interface Runtime {
  app: Info;
  app_id: string;
  buttons: RuntimeButton[];
  dashboards: Dashboard[];
  entities: RuntimeEntity[];
  forms: Form[];
  light: boolean;
  me: RuntimeMe;
  params: { [key: string]: Json };
  time_zone: string;
  trees: { [key: string]: Json };
  version: number;
  views: View[];
}

export interface RuntimeButton {
  condition?: string;
  entity: string;
  id: string;
  key: string;
  name: Text;
  trigger: Trigger;
}

export interface RuntimeEntity {
  checks?: Check[];
  comments?: boolean;
  fields: RuntimeField[];
  help?: Text;
  hue?: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  icon?: string;
  id: string;
  key: string;
  name: Text;
  ops: ('create' | 'read' | 'update' | 'delete' | 'import' | 'export')[];
  owner_name?: Text;
  subtitle?: string[];
  title: string;
}

export interface RuntimeField {
  choices?: Choice[];
  default?: Default;
  elem?: string;
  fields?: RuntimeField[];
  help?: Text;
  id: string;
  indexed?: boolean;
  key: string;
  kind: string;
  link?: RuntimeLink;
  masked?: boolean;
  name: Text;
  options?: { [key: string]: Json };
  readable: boolean;
  required?: boolean;
  required_when?: string;
  traits: Traits;
  type: string;
  unique?: boolean;
  writable: boolean;
}

export interface RuntimeLink {
  entity: string;
  many: boolean;
}

export interface RuntimeMe {
  admin: boolean;
  departments: string[];
  member_id: string;
  roles: string[];
}

export interface ScopeBody {
  /** id of an app; all of the workspace when left out */
  app?: string;
  /** create read update delete import export manage, or * */
  ops?: string[];
  /** role ids to hold in place of seeing everything */
  roles?: string[];
}

export interface Seen {
  from: number;
  text: string;
  to: number;
  value: Json;
}

export interface SeenBody {
  text: string;
  value: Json;
}

export interface SessionBody {
  address: string;
  agent: string;
  created_at: string;
  current: boolean;
  id: string;
  seen_at: string;
}

export interface SettingsBody {
  locale: string;
  name: string;
  smtp: SmtpBody | null;
  time_zone: string;
}

export interface ShareBody {
  created_at: string;
  created_by: string | null;
  enabled: boolean;
  fields: string[];
  from: string | null;
  id: string;
  kind: 'form' | 'view' | 'record';
  once: boolean;
  /** whether it asks for one */
  password: boolean;
  quota: number | null;
  record: string | null;
  target: string;
  token: string;
  until: string | null;
  url: string;
  used: number;
}

export interface Signals {
  departments: boolean;
  import: boolean;
  invitations: boolean;
  notification: boolean;
  params: boolean;
  roles: boolean;
  sample_removed: boolean;
  samples: number;
}

export interface SmtpBody {
  from?: string;
  host?: string;
  password?: string;
  port?: number;
  /** starttls (default), tls or none */
  tls?: string;
  user?: string;
}

export interface Sort {
  desc?: boolean;
  field: string;
}

export interface Staff {
  department?: string;
  email?: string;
  manager?: string;
  name?: string;
}

export interface StaffBody {
  columns: string[];
  name: string;
  preview: string[][];
  rows: number;
  /** a proposal: which columns hold what */
  staff: Staff;
  upload: string;
}

export interface StaffDone {
  departments?: string[];
  members?: string[];
  placed?: Placed[];
}

export interface StaffResult {
  added: number;
  bad: number;
  changed: number;
  departments: number;
  done: StaffDone;
  refused: Refused[];
  rows: number;
  unchanged: number;
}

export interface StaffUndone {
  departments: number;
  kept: string[];
  members: number;
}

export interface Step {
  else?: Step[];
  id: string;
  name?: Text;
  options?: { [key: string]: Json };
  steps?: Step[];
  type: string;
  when?: string;
}

export interface SubmittedBody {
  id: string;
  rev: number;
  thanks: Text;
}

export interface Tab {
  items: Node[];
  title: Text;
}

export interface Taken {
  preview: string[][];
  rows: number;
  taken: number;
}

export interface TaskBody {
  app: string;
  app_name: Text;
  assignees: NameRef[];
  comment: string | null;
  completed_at: string | null;
  completed_by: NameRef | null;
  created_at: string;
  created_by: string | null;
  due: string | null;
  entity: string | null;
  id: string;
  kind: string;
  outcome: string | null;
  outcomes: Outcome[];
  overdue: boolean;
  priority: 'low' | 'normal' | 'high' | 'urgent';
  record_id: string | null;
  record_title: string | null;
  state: string;
  text: string;
  title: string;
  workspace: string;
}

export interface TemplateBody {
  app?: App;
  category: string;
  dashboards: number;
  description: Text;
  entities: number;
  highlights: Text[];
  hue: 'gray' | 'red' | 'orange' | 'amber' | 'lime' | 'green' | 'jade' | 'cyan' | 'blue' | 'indigo' | 'violet' | 'pink';
  icon: string;
  locales: string[];
  modules: Module[];
  name: string;
  readme?: string;
  rules: number;
  sample: boolean;
  title: Text;
  version: string;
}

export interface TemplatesImportColumn {
  blank?: string;
  column?: string;
  create?: boolean;
  factor?: number;
  field: string;
  find?: string[];
  text?: string;
  values?: { [key: string]: string };
}

export type Text = string | {
  'en-US'?: string;
  'zh-CN'?: string;
};

export interface Traits {
  computed?: boolean;
  filterable?: boolean;
  generated?: boolean;
  groupable?: boolean;
  holds_department?: boolean;
  holds_file?: boolean;
  holds_mail?: boolean;
  holds_member?: boolean;
  holds_ref?: boolean;
  multiple?: boolean;
  searchable?: boolean;
  sortable?: boolean;
  uniquable?: boolean;
}

export interface TransferForm {
  columns?: FormColumn[];
  hue?: string;
  icon?: string;
  key?: string;
  name?: Text;
  title?: string;
}

export interface Trigger {
  at?: string;
  bulk?: boolean;
  confirm?: Text;
  cron?: string;
  each?: string;
  enter?: boolean;
  field?: string;
  fields?: string[];
  icon?: string;
  inputs?: Field[];
  label?: Text;
  offset?: string;
  outcome?: string;
  place?: 'first' | 'last';
  roles?: string[];
  secret?: string;
  task?: string;
  type: 'created' | 'updated' | 'created_or_updated' | 'deleted' | 'restored' | 'computed' | 'schedule' | 'date' | 'button' | 'webhook' | 'task_finished';
  yearly?: boolean;
}

export interface TryBody {
  steps: SeenBody[];
  value: Json;
}

export interface UndoBody {
  /** the form that came with the operation is gone too */
  form: boolean;
  kept: Kept[];
  /** members without an account that came with the operation and are gone, or are back */
  members: number;
  /** names of those who stay: something else refers to them */
  members_kept: string[];
  operation: string;
  reverted: number;
}

export interface UploadBody {
  columns: ImportColumn[];
  delimiter: string;
  encoding: string;
  kind: string;
  /** a proposal */
  mapping: Mapping | null;
  preview: string[][];
  rows: number;
  sheet: string;
  sheets: string[];
  upload: string;
}

export interface Version {
  changes: Change[];
  note: string;
  published: boolean;
  published_at: string;
  published_by?: string;
  version: number;
}

export interface View {
  config: ViewConfig;
  entity: string;
  id: string;
  key: string;
  name: Text;
  type: string;
}

export interface ViewBody {
  config: Json;
  created_at: string;
  entity: string;
  id: string;
  /** personal or shared */
  kind: 'personal' | 'shared';
  name: string;
  position: number;
  type: string;
}

export interface ViewColumn {
  field: string;
  footer?: 'sum' | 'avg' | 'min' | 'max' | 'count' | 'filled';
  width?: number;
}

export interface ViewConfig {
  cards?: string[];
  color_by?: string;
  columns?: ViewColumn[];
  end?: string;
  filter?: string;
  frozen?: number;
  group?: string[];
  group_by?: string;
  row_height?: 'compact' | 'default' | 'tall';
  sort?: Sort[];
  start?: string;
  sum?: string;
}

export interface WebhookBody {
  app: string;
  created_at: string;
  enabled: boolean;
  entity: string | null;
  events: string[];
  id: string;
  /** signs deliveries by Standard Webhooks; only in the answer to its creation */
  secret?: string;
  url: string;
}

export interface WhyBody {
  /** hidden, partial or shown */
  field_level?: string;
  reasons: ReasonBody[];
  /** as the member sees it */
  record?: Json;
  visible: boolean;
  writable?: boolean;
}

export interface Widget {
  config: { [key: string]: Json };
  h: number;
  id: string;
  title: Text;
  type: string;
  w: number;
  x: number;
  y: number;
}

export interface WidgetBody {
  _names: Json;
  actions?: string[];
  goal?: Json;
  order?: string[];
  queries: { [key: string]: WidgetQuery };
  rows: Json;
  source: string;
  tasks?: TaskBody[];
  text?: Json;
}

export interface WidgetColumn {
  as: string;
  bucket?: string;
  field?: string;
  fn?: string;
  label?: Json;
}

export interface WidgetQuery {
  _names?: Json;
  entity: string;
  groups?: WidgetColumn[];
  measures?: WidgetColumn[];
  next_cursor?: string;
  records?: Json;
  rows?: Json;
}

export interface WorkspaceRef {
  admin: boolean;
  id: string;
  key: string;
  member_id: string;
  name: string;
  time_zone: string;
}
