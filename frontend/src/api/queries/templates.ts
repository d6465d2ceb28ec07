import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiUrl, get, listOf, post } from '../client';
import { keys } from '../keys';
import type { SampleRemoval, SetupSignals, TemplateDetail, TemplateSummary, Text } from '../types';

export function useTemplates() {
  return useQuery({
    queryKey: keys.templates,
    queryFn: async ({ signal }) =>
      listOf<TemplateSummary>(await get<TemplateSummary[] | object>('/templates', undefined, signal)),
    staleTime: 300_000,
  });
}

export function useTemplate(name: string | undefined) {
  return useQuery({
    queryKey: keys.template(name ?? ''),
    queryFn: ({ signal }) => get<TemplateDetail>(`/templates/${encodeURIComponent(name ?? '')}`, undefined, signal),
    enabled: name !== undefined,
  });
}

export function useInstallTemplate(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      template,
      ...input
    }: {
      template: string;
      key?: string;
      name?: Text;
      sample: boolean;
      light: boolean;
    }) =>
      post<{ job: string | null; app: string }>(
        `/workspaces/${encodeURIComponent(ws)}/templates/${encodeURIComponent(template)}/install`,
        input,
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apps(ws) }),
  });
}

/** How far an app is set up, for its checklist. */
export function useSetup(app: string) {
  return useQuery({
    queryKey: keys.checklist(app),
    queryFn: ({ signal }) => get<SetupSignals>(`/apps/${encodeURIComponent(app)}/checklist`, undefined, signal),
  });
}

export function useRemoveSample(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<SampleRemoval>(`/apps/${encodeURIComponent(app)}/sample/remove`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app(app) }),
  });
}

/** Where an app is downloaded from as files. */
export function appExportUrl(app: string): string {
  return apiUrl(`/apps/${encodeURIComponent(app)}/export`);
}
