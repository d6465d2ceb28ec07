// The shapes of the HTTP API and of the definition documents under the names that
// the UI has for them. They come from the server's OpenAPI document; written here
// is only what it cannot say: what depends on an app, and who may send what.
import type * as Api from './schema.gen';

/** A text of a definition: one for all languages, or one per language. */
export type Text = Api.Text;

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
export type Json = Api.Json;

// --- faults -----------------------------------------------------------------

/** One fault of a request: where, what, in words. */
export type FaultItem = Api.ProblemItem;

/** An RFC 9457 problem. */
export type ProblemBody = Partial<Api.Problem> & Pick<Api.Problem, 'title' | 'status' | 'code'>;

// --- session ----------------------------------------------------------------

export type Me = Api.MeBody;

export type WorkspaceRef = Api.WorkspaceRef;

export type Bootstrap = Api.BootstrapBody;

export type InvitationInfo = Api.InvitedBody;

// --- workspace administration -----------------------------------------------

export type MemberStatus = 'active' | 'placeholder' | 'disabled';

export type Member = Api.MemberBody;

export type Department = Api.DepartmentBody;

export type DirectoryMember = Api.DirectoryMember;

/** What pickers of members and departments show. */
export type Directory = Api.DirectoryBody;

export type Invitation = Api.InvitationBody;

/** What is asked of a new invitation. */
export interface NewInvitation {
  roles: { app: string; role: string }[];
  departments: string[];
  member_id?: string;
  expires_days: number;
  max_uses: number;
}

export type ApiKey = Api.KeyBody;

export type Webhook = Api.WebhookBody;

export type WebhookDelivery = Api.DeliveryBody;

export type AuditEntry = Api.AuditBody;

export type WorkspaceSettings = Api.SettingsBody;

export type OutboxMail = Api.MailBody;

export type RecycleItem = Api.RecycleBody;

// --- apps -------------------------------------------------------------------

export type AppSummary = Api.AppSummary;

export type MenuItem = Api.MenuItem;

export type Param = Api.Param;

export type ChecklistItem = Api.ChecklistItem;

/** The app document. */
export type AppInfo = Api.Info;

export type Choice = Api.Choice;

export type FieldDefault = Api.Default;

/** A column of an entity as the definition holds it. */
export type Field = Api.Field;

/** What a field can do, derived from its type by the server. */
export type FieldTraits = Api.Traits;

/** A field as the caller may use it in a published app. */
export type RuntimeField = Api.RuntimeField;

export type Check = Api.Check;

export type Entity = Api.Entity;

export type EntityOp = 'create' | 'read' | 'update' | 'delete' | 'import' | 'export';

export type RuntimeEntity = Api.RuntimeEntity;

export type LayoutTab = Api.Tab;

export type LayoutNode = Api.Node;

export type DisplayRule = Api.DisplayRule;

export type Form = Api.Form;

export type Sort = Api.Sort;

export type ViewColumn = Api.ViewColumn;

export type ViewConfig = Api.ViewConfig;

export type View = Api.View;

/** A view somebody saved for themselves or for others outside the definition. */
export interface SavedView extends View {
  kind: 'personal' | 'shared';
  owner?: string;
}

export type Widget = Api.Widget;

export type BoardFilter = Api.BoardFilter;

export type Dashboard = Api.Dashboard;

export type Trigger = Api.Trigger;

export type Step = Api.Step;

export type Rule = Api.Rule;

export type FieldRule = Api.FieldRule;

export type Grant = Api.Grant;

export type Role = Api.Role;

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

export type PlanChange = Api.Change;

export type PublishPlan = Api.PlanBody;

export type AppVersion = Api.Version;

export type ExprFault = Api.ExprFault;

export interface ExprCheck {
  kind: string;
  faults: ExprFault[];
  tree?: ExprTree;
}

export type ExprTry = Api.TryBody;

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

export type BatchResult = Api.BatchBody;

export interface BulkSelect {
  ids?: string[];
  query?: { filter?: string | FilterTree; search?: string };
  except?: string[];
}

export type BulkResult = Api.BulkBody;

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

export type HistoryEntry = Api.HistoryBody;
export type HistoryChange = Api.ChangeBody;

export type Comment = Api.CommentBody;

export interface RelatedList {
  entity: string;
  via: string;
  count?: number;
  records: RecordData[];
  _names?: Record<string, string>;
}

/** A record that an undo left as it is. */
export type Kept = Api.Kept;

/** With the names of members without an account that stay because something else refers to them. */
export type UndoResult = Pick<Api.UndoBody, 'reverted' | 'kept' | 'members' | 'members_kept'>;

export type Operation = Api.OperationBody;

export type StoredFile = Api.FileBody;

// --- import -----------------------------------------------------------------

export type ImportColumn = Api.ImportColumn;

export type ImportUpload = Api.UploadBody;

export type ImportDryRun = Api.DryBody;

export type Mapping = Api.Mapping;

export type ColumnMap = Api.ColumnMap;

/** A mapping that the app's template ships for a known file. */
export type ReadyMapping = Api.Import;

/** Which rows of a table the conditions of an import take. */
export type TakenRows = Api.Taken;

/** A table of people, and which of its columns hold what. */
export type StaffUpload = Api.StaffBody;

export type StaffColumns = Api.Staff;

export type StaffResult = Api.StaffResult;

export type StaffUndone = Api.StaffUndone;

export interface Job {
  id?: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | string;
  progress: number;
  total: number;
  /** What came of it; of a failed one what it had done by then, and `errors`. */
  result?: { [key: string]: Json } | null;
}

// --- tasks, notifications, runs ---------------------------------------------

export type TaskTab = 'todo' | 'done' | 'created';

export type TaskOutcome = Api.Outcome & Required<Pick<Api.Outcome, 'key' | 'label'>>;

export type Task = Omit<Api.TaskBody, 'outcomes'> & { outcomes: TaskOutcome[] };

export type Notification = Api.NotificationBody;

export type RunStep = Api.RunStep;

export type Run = Api.RunBody;

export type RuleDryRun = Api.DryRunBody;

// --- sharing, templates, catalog --------------------------------------------

export type Share = Api.ShareBody;

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

export type TemplateSummary = Api.TemplateBody;

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
export type SetupSignals = Api.Signals;

/** What taking the samples out has done. */
export type SampleRemoval = Api.RemovedBody;

/** Members who see a record, as far as they were looked at. */
export type Readers = Api.ReadersBody;

/** A row that cannot come in, and why. */
export type ImportRefusal = Api.Refused;

/** A form that would hold a table. */
export type FormProposal = Omit<Api.ProposalBody, 'form' | 'sheets'> & { form: ProposedForm; sheets: string[] | null };

export type ProposedForm = Omit<Api.TransferForm, 'columns'> & { name: Text; columns: ProposedColumn[] };

export type ProposedColumn = Api.FormColumn & Required<Pick<Api.FormColumn, 'column' | 'key' | 'name' | 'type'>>;

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
