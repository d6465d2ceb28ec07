import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { Navigate, Route, Routes, useNavigate, useParams, useSearchParams } from 'react-router';
import { Button, EmptyState, SkeletonRows, type TabItem, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, useDraftState } from '../context';
import { bodyOf, entities, formsOf, info, listedEntities, parsePlace, rulesOf, viewsOf } from '../model';
import { FormList } from './FormList';
import styles from './frame.module.css';
import { FrameContext } from './frame-context';
import { NewFormDialog } from './NewFormDialog';
import { PhoneNotice } from './PhoneNotice';
import { TopBar } from './TopBar';
import { type AppPage, appPages, type FormTab, formTabs } from './tabs';

const FormDesigner = lazy(() => import('../form/FormDesigner').then((m) => ({ default: m.FormDesigner })));
const ViewsPage = lazy(() => import('../view/ViewsPage').then((m) => ({ default: m.ViewsPage })));
const RulesPage = lazy(() => import('../rule/RulesPage').then((m) => ({ default: m.RulesPage })));
const FormRolesPage = lazy(() => import('../role/FormRolesPage').then((m) => ({ default: m.FormRolesPage })));
const DataPage = lazy(() => import('../app/DataPage').then((m) => ({ default: m.DataPage })));
const MenuPage = lazy(() => import('../menu/MenuPage').then((m) => ({ default: m.MenuPage })));
const DashboardsPage = lazy(() => import('../dashboard/DashboardsPage').then((m) => ({ default: m.DashboardsPage })));
const RolesPage = lazy(() => import('../role/RolesPage').then((m) => ({ default: m.RolesPage })));
const ParamsPage = lazy(() => import('../app/ParamsPage').then((m) => ({ default: m.ParamsPage })));
const VersionsPage = lazy(() => import('../publish/VersionsPage').then((m) => ({ default: m.VersionsPage })));
const SettingsPage = lazy(() => import('../app/SettingsPage').then((m) => ({ default: m.SettingsPage })));
const PublishDialog = lazy(() => import('../publish/PublishDialog').then((m) => ({ default: m.PublishDialog })));

/** The addresses inside the builder. */
export function BuilderRoutes() {
  const phone = usePhone();
  if (phone) return <PhoneNotice />;
  return (
    <Routes>
      <Route index element={<Start />} />
      <Route path="forms/:entity" element={<ToDesign />} />
      <Route path="forms/:entity/:tab/*" element={<FormPages />} />
      <Route path="app/:page/*" element={<AppPages />} />
      <Route path="*" element={<Start />} />
    </Routes>
  );
}

/** Where the builder opens: the first form, or what to do without any. */
function Start() {
  const { base } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const first = listedEntities(docs)[0];
  const [making, setMaking] = useState<'blank' | 'file' | null>(null);
  // "?new" comes from the empty app: a form is to be made at once.
  const asked = useSearchParams()[0].has('new');
  if (first && !asked) return <Navigate to={`${base}/forms/${first.id}/design`} replace />;
  return (
    <Shell tabs={appTabs()} tab={null}>
      <div className={styles.centre} hidden={!!first}>
        <EmptyState
          icon="form"
          title={t('build.noForms')}
          help={t('build.noFormsHelp')}
          action={
            <Button variant="primary" icon="plus" onClick={() => setMaking('blank')}>
              {t('build.newForm')}
            </Button>
          }
          secondary={
            <Button icon="excel" onClick={() => setMaking('file')}>
              {t('build.fromExcel')}
            </Button>
          }
        />
      </div>
      {(making || asked) && (
        <NewFormDialog
          from={making ?? 'blank'}
          onClose={() => {
            setMaking(null);
            if (asked) navigate(base, { replace: true });
          }}
        />
      )}
    </Shell>
  );
}

function ToDesign() {
  const { base } = useBuilder();
  const { entity = '' } = useParams();
  return <Navigate to={`${base}/forms/${entity}/design`} replace />;
}

function appTabs(): TabItem<AppPage>[] {
  return appPages.map((page) => ({ value: page.value, label: t(`build.page.${page.value}`) }));
}

function FormPages() {
  const { base } = useBuilder();
  const docs = useDocs();
  const faults = useDraftState((s) => s.faults);
  const navigate = useNavigate();
  const { entity: ref = '', tab = 'design' } = useParams();
  const entity = bodyOf(docs, 'entity', ref) ?? entities(docs).find((e) => e.key === ref);
  const id = entity?.id ?? '';
  const faulty = useMemo(() => {
    const places = new Set(faults.map((f) => parsePlace(f.path).doc));
    return {
      design: [id, ...formsOf(docs, id).map((f) => f.id)].some((doc) => places.has(doc)),
      views: viewsOf(docs, id).some((v) => places.has(v.id)),
      rules: rulesOf(docs, id).some((r) => places.has(r.id)),
      roles: false,
      data: false,
    } satisfies Record<FormTab, boolean>;
  }, [faults, docs, id]);
  if (!entity) return <Navigate to={base} replace />;
  if (!(formTabs as readonly string[]).includes(tab))
    return <Navigate to={`${base}/forms/${entity.id}/design`} replace />;
  const at = tab as FormTab;
  const published = at === 'data';
  return (
    <Shell<FormTab>
      form={entity.id}
      tab={at}
      tabs={formTabs.map((value) => ({ value, label: t(`build.tab.${value}`), dot: faulty[value] }))}
      onTab={(next) => navigate(`${base}/forms/${entity.id}/${next}`)}
      bare={at === 'design'}
      previews={at === 'design'}
      title={`${textOf(entity.name)} · ${t(`build.tab.${at}`)}`}
    >
      {at === 'design' && <FormDesigner key={entity.id} entity={entity.id} />}
      {at === 'views' && <ViewsPage key={entity.id} entity={entity.id} />}
      {at === 'rules' && <RulesPage key={entity.id} entity={entity.id} />}
      {at === 'roles' && <FormRolesPage key={entity.id} entity={entity.id} />}
      {published && <DataPage key={entity.id} entity={entity.id} />}
    </Shell>
  );
}

function AppPages() {
  const { base } = useBuilder();
  const navigate = useNavigate();
  const { page = '' } = useParams();
  const tabs = appTabs();
  if (!tabs.some((tab) => tab.value === page)) return <Navigate to={`${base}/app/menu`} replace />;
  const at = page as AppPage;
  return (
    <Shell<AppPage>
      tab={at}
      tabs={tabs}
      onTab={(next) => navigate(`${base}/app/${next}`)}
      bare={at === 'dashboards'}
      title={t(`build.page.${at}`)}
    >
      {at === 'menu' && <MenuPage />}
      {at === 'dashboards' && <DashboardsPage />}
      {at === 'rules' && <RulesPage />}
      {at === 'roles' && <RolesPage />}
      {at === 'params' && <ParamsPage />}
      {at === 'versions' && <VersionsPage />}
      {at === 'settings' && <SettingsPage />}
    </Shell>
  );
}

interface ShellProps<V extends string> {
  tabs: TabItem<V>[];
  tab: V | null;
  onTab?: (tab: V) => void;
  form?: string;
  /** The page brings a left column of its own. */
  bare?: boolean;
  /** The page can be previewed. */
  previews?: boolean;
  title?: string;
  children: ReactNode;
}

/** The frame around every page of the builder. */
function Shell<V extends string>({ tabs, tab, onTab, form, bare, previews, title, children }: ShellProps<V>) {
  const { base, app, workspace } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const [preview, setPreview] = useState(false);
  const actions = useMemo(
    () => ({ newForm: () => setMaking(true), publish: () => setPublishing(true), preview, setPreview }),
    [preview],
  );
  const appName = textOf(info(docs).name) || textOf(app.name);
  useEffect(() => {
    document.title = [title, appName, workspace.name].filter(Boolean).join(' · ');
  }, [title, appName, workspace.name]);
  return (
    <div className={styles.frame}>
      <TopBar
        tabs={tabs}
        tab={(tab ?? '') as V}
        onTab={onTab ?? ((next) => navigate(`${base}/app/${next}`))}
        form={form}
        preview={previews ? preview : undefined}
        onPreview={() => setPreview(!preview)}
        onPublish={actions.publish}
        onNewForm={actions.newForm}
      />
      <div className={styles.body}>
        {!bare && (
          <aside className={styles.left} aria-label={t('build.forms')}>
            <FormList tab={form && tab ? tab : 'design'} current={form} onNewForm={actions.newForm} />
          </aside>
        )}
        <section className={styles.main} aria-label={title}>
          <FrameContext value={actions}>
            <Suspense fallback={<SkeletonRows columns={3} />}>{children}</Suspense>
          </FrameContext>
        </section>
      </div>
      {making && <NewFormDialog onClose={() => setMaking(false)} />}
      {publishing && (
        <Suspense>
          <PublishDialog onClose={() => setPublishing(false)} />
        </Suspense>
      )}
    </div>
  );
}
