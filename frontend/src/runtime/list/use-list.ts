import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type RefObject, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { onServerEvent } from '@/api/events';
import { newId } from '@/api/ids';
import { keys } from '@/api/keys';
import { useQuickField, useSavedViews } from '@/api/queries/apps';
import { useDirectory } from '@/api/queries/workspaces';
import type {
  Field,
  RecordData,
  Rule,
  RuntimeEntity,
  RuntimeField,
  ServerEvent,
  Sort,
  View,
  ViewConfig,
} from '@/api/types';
import { choicesOf, type FieldContext } from '@/fields';
import { useApp } from '@/runtime/app/context';
import { type Scope, scopeOf } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { type BuilderActions, type ViewType, viewOf, type Walker } from '@/views';
import { hueOfChoice } from '@/views/grid/AddColumn';
import { RecordEdits } from '@/views/shared/edits';
import { RecordStore } from '@/views/shared/record-store';
import { nothingPicked, type RowPick } from '@/views/shared/row-pick';
import { readSort, sameConfig, sortSeen, sortText, tidyConfig, type ViewTab, viewTabs } from './views';

export interface ListState {
  appId: string;
  entity: RuntimeEntity;
  /** The address of the list. */
  path: string;
  ctx: FieldContext;
  scope: Scope;
  store: RecordStore;
  edits: RecordEdits;
  tabs: ViewTab[];
  tab: ViewTab;
  type: ViewType;
  /** The view with what was changed since it was saved. */
  config: ViewConfig;
  changed: boolean;
  query: { filter: string; search: string; sort: Sort[] };
  setTab: (id: string) => void;
  setFilter: (text: string) => void;
  setSort: (sort: Sort[]) => void;
  setSearch: (text: string) => void;
  setConfig: (change: Partial<ViewConfig>) => void;
  resetView: () => void;
  clearQuery: () => void;
  openId: string | null;
  open: (id: string | null) => void;
  creating: boolean;
  /** What a new record starts with. */
  start: Record<string, unknown> | undefined;
  create: ((values?: Record<string, unknown>) => void) | undefined;
  closeCreate: () => void;
  walk: RefObject<Walker | null>;
  pick: RowPick;
  setPick: (pick: RowPick) => void;
  total: number | null;
  setTotal: (total: number | null) => void;
  /** Another number asks to fetch again. */
  revision: number;
  reload: () => void;
  /** What happened elsewhere since the list was fetched. */
  news: { created: number; other: number };
  buttons: Rule[];
  builder: BuilderActions | undefined;
}

const Context = createContext<ListState | null>(null);
export const ListProvider = Context.Provider;

/** The list of this page. */
export function useListState(): ListState {
  const value = useContext(Context);
  if (!value) throw new Error('useListState outside a list');
  return value;
}

const quiet = { created: 0, other: 0 };

/** Everything a list page knows; what identifies it stands in the address. */
export function useList(entity: RuntimeEntity, path: string, preset?: View): ListState {
  const { appId, workspace, runtime, app, base, entity: entityOf } = useApp();
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();

  // --- records in sight ---
  const store = useMemo(() => new RecordStore(), []);
  const [revision, setRevision] = useState(0);
  const [news, setNews] = useState(quiet);
  const reload = useCallback(() => {
    setNews(quiet);
    setRevision((n) => n + 1);
  }, []);
  const ref = useMemo(() => ({ app: appId, entity: entity.key }), [appId, entity.key]);
  const edits = useMemo(() => new RecordEdits(ref, store, client, reload), [ref, store, client, reload]);
  const open = useCallback(
    (id: string | null) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (id) next.set('record', id);
          else next.delete('record');
          next.delete('new');
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const more = useMemo(() => ({ learn: store.learn }), [store]);
  const ctx = useFieldContext(store.names, more);

  // People can be pasted by name: the names are here before they are shown.
  const directory = useDirectory(workspace.key);
  useEffect(() => {
    if (!directory.data) return;
    store.learn(
      Object.fromEntries([...directory.data.departments, ...directory.data.members].map((x) => [x.id, x.name])),
    );
  }, [directory.data, store]);

  // --- views ---
  const saved = useSavedViews(appId);
  const tabs = useMemo(
    () => viewTabs(entity, runtime.views, saved.data ?? [], runtime.me.member_id),
    [entity, runtime, saved.data],
  );
  const wanted = params.get('view');
  const tab = (tabs.find((v) => v.id === wanted) ??
    tabs.find((v) => v.id === preset?.key || v.id === preset?.id) ??
    tabs[0]) as ViewTab;
  const type = viewOf(tab.type);
  const [drafts, setDrafts] = useDrafts(`${appId}.${entity.id}`);
  const draft = drafts[tab.id];
  const urlFilter = params.get('filter');
  const urlSort = params.get('sort');
  const search = params.get('search') ?? '';
  const config = useMemo<ViewConfig>(() => {
    const merged = { ...tab.config, ...draft };
    if (urlFilter !== null) merged.filter = urlFilter;
    if (urlSort !== null) merged.sort = readSort(urlSort, entity);
    return merged;
  }, [tab.config, draft, urlFilter, urlSort, entity]);
  const changed = !sameConfig(config, tab.config);
  const query = useMemo(
    () => ({ filter: config.filter ?? '', search, sort: sortSeen(config.sort ?? [], entity) }),
    [config.filter, config.sort, search, entity],
  );

  const change = useCallback(
    (edit: (next: URLSearchParams) => void) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          edit(next);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const setOrDrop = (next: URLSearchParams, name: string, value: string, same: boolean) =>
    same ? next.delete(name) : next.set(name, value);
  const setFilter = (text: string) =>
    change((next) => setOrDrop(next, 'filter', text, text === (tab.config.filter ?? '')));
  const setSort = (sort: Sort[]) => {
    const text = sortText(sort, entity);
    change((next) => setOrDrop(next, 'sort', text, text === sortText(tab.config.sort ?? [], entity)));
  };
  const setSearch = useCallback(
    (text: string) => change((next) => (text ? next.set('search', text) : next.delete('search'))),
    [change],
  );
  const setConfig = (edit: Partial<ViewConfig>) => {
    const { filter, sort, ...rest } = edit;
    if (filter !== undefined) setFilter(filter);
    if (sort !== undefined) setSort(sort);
    if (Object.keys(rest).length > 0) setDrafts({ ...drafts, [tab.id]: { ...draft, ...rest } });
  };
  const resetView = () => {
    const { [tab.id]: _, ...rest } = drafts;
    setDrafts(rest);
    change((next) => {
      next.delete('filter');
      next.delete('sort');
    });
  };
  const setTab = (id: string) => {
    setPick(nothingPicked);
    change((next) => {
      if (id === tabs[0]?.id && !preset) next.delete('view');
      else next.set('view', id);
      next.delete('filter');
      next.delete('sort');
    });
  };
  const clearQuery = () =>
    change((next) => {
      next.delete('search');
      if (tab.config.filter) next.set('filter', '');
      else next.delete('filter');
    });

  const walk = useRef<Walker | null>(null);

  // --- ticked rows ---
  const [pick, setPick] = useState<RowPick>(nothingPicked);
  const [total, setTotal] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, other ticks
  useEffect(() => setPick(nothingPicked), [query.filter, query.search, tab.id]);

  // --- changes elsewhere ---
  useEffect(() => {
    const later = new Set<ReturnType<typeof setTimeout>>();
    const handle = (event: ServerEvent, waited = false) => {
      if (event.type !== 'record' || event.app !== appId || (event.entity !== entity.key && event.entity !== entity.id))
        return;
      // The event of our own write may overtake its answer, which tells whose it is,
      // and that of a record made in a form the list that is fetched for it.
      if (edits.busy || (!waited && event.op === 'create' && !store.get(event.id))) {
        const timer = setTimeout(() => {
          later.delete(timer);
          handle(event, true);
        }, 800);
        later.add(timer);
        return;
      }
      if (edits.wrote(event.id, event.rev)) return;
      const known = store.get(event.id);
      if (known && event.op !== 'delete') {
        if (known.rev < event.rev || event.op === 'computed') edits.refresh([event.id]);
        return;
      }
      setNews((n) => (event.op === 'create' ? { ...n, created: n.created + 1 } : { ...n, other: n.other + 1 }));
    };
    const off = onServerEvent((event) => handle(event));
    return () => {
      off();
      for (const timer of later) clearTimeout(timer);
    };
  }, [appId, entity, edits, store]);
  // Forms and panels change records through the query cache: what they learn is shown here, what they make is fetched.
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success') return;
        const key = event.query.queryKey;
        const prefix = [...keys.record(appId, entity.key, '')].slice(0, -1);
        if (key.length !== prefix.length + 2 || key.at(-1) !== 'data' || prefix.some((part, i) => key[i] !== part))
          return;
        const record = event.query.state.data as (RecordData & { _names?: Record<string, string> }) | undefined;
        const known = record && store.get(record.id);
        if (known && record.rev >= known.rev && JSON.stringify(record) !== JSON.stringify(known))
          store.put({ records: [record], _names: record._names });
      }),
    [client, appId, entity.key, store],
  );
  const elsewhere = useQuery({
    queryKey: [...keys.recordLists(appId, entity.key), 'revision'],
    queryFn: () => Date.now(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const first = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (elsewhere.data === undefined) return;
    if (first.current !== undefined && first.current !== elsewhere.data && !edits.busy) reload();
    first.current = elsewhere.data;
  }, [elsewhere.data, reload, edits]);

  // --- new records ---
  const [start, setStart] = useState<Record<string, unknown>>();
  const creating = params.has('new');
  // What one new record began with is not for the next.
  useEffect(() => {
    if (!creating) setStart(undefined);
  }, [creating]);
  const mayCreate = entity.ops.includes('create');
  const create = useCallback(
    (values?: Record<string, unknown>) => {
      setStart(values);
      change((next) => {
        next.set('new', '1');
        next.delete('record');
      });
    },
    [change],
  );
  const closeCreate = useCallback(() => change((next) => next.delete('new')), [change]);

  // --- builder ---
  const quickField = useQuickField(appId);
  const arranged = useRef({ config, setConfig });
  arranged.current = { config, setConfig };
  const admin = runtime.me.admin && app.role.admin;
  const builder = useMemo<BuilderActions | undefined>(() => {
    if (!admin) return undefined;
    return {
      addField: async (field: Partial<Field>) => {
        const id = newId('fld_');
        await quickField.mutateAsync({ entity: entity.key, field: { ...field, id } });
        // A view that names its columns would hide what was just added to it.
        const { config, setConfig } = arranged.current;
        if (config.columns?.length) setConfig({ columns: [...config.columns, { field: id }] });
      },
      addChoice: async (field: RuntimeField, label: string) => {
        await quickField.mutateAsync({
          entity: entity.key,
          field: { id: field.id },
          choice: { label, hue: hueOfChoice(choicesOf(field).length) },
        });
      },
      editPath: (field) => `${base}/edit/forms/${entity.id}/design${field ? `?field=${field.id}` : ''}`,
    };
  }, [admin, quickField.mutateAsync, entity, base]);

  const buttons = useMemo(
    () =>
      runtime.buttons.filter(
        (b) => b.trigger.type === 'button' && b.trigger.bulk && (b.entity === entity.id || b.entity === entity.key),
      ),
    [runtime.buttons, entity],
  );
  const scope = useMemo(
    () => scopeOf({ entity, entityOf, params: runtime.app.params ?? [] }),
    [entity, entityOf, runtime.app.params],
  );

  return {
    appId,
    entity,
    path: path || `${base}/${entity.key}`,
    ctx,
    scope,
    store,
    edits,
    tabs,
    tab,
    type,
    config,
    changed,
    query,
    setTab,
    setFilter,
    setSort,
    setSearch,
    setConfig,
    resetView,
    clearQuery,
    openId: params.get('record'),
    open,
    creating: creating && mayCreate,
    start,
    create: mayCreate ? create : undefined,
    closeCreate,
    walk,
    pick,
    setPick,
    total,
    setTotal,
    revision,
    reload,
    news,
    buttons,
    builder,
  };
}

// Unsaved arrangements outlive a reload, not the browser tab.
function useDrafts(name: string): [Record<string, ViewConfig>, (next: Record<string, ViewConfig>) => void] {
  const key = `tenon.views.${name}`;
  const [drafts, setDrafts] = useState<Record<string, ViewConfig>>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, ViewConfig>;
    } catch {
      return {};
    }
  });
  return [
    drafts,
    (next) => {
      setDrafts(next);
      try {
        sessionStorage.setItem(
          key,
          JSON.stringify(Object.fromEntries(Object.entries(next).map(([id, c]) => [id, tidyConfig(c)]))),
        );
      } catch {
        // A full or forbidden storage keeps them for this page only.
      }
    },
  ];
}
