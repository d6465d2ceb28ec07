import { useQuery } from '@tanstack/react-query';
import { post } from '../client';
import { keys } from '../keys';
import type { Json, WidgetData } from '../types';

/** The data of one widget under the dashboard's filters. */
export function useWidgetData(
  app: string,
  dashboard: string,
  widget: string,
  filters: Record<string, Json>,
  options: { enabled?: boolean } = {},
) {
  return useQuery({
    queryKey: keys.widget(app, dashboard, widget, filters),
    queryFn: ({ signal }) =>
      post<WidgetData>(
        `/apps/${encodeURIComponent(app)}/dashboards/${encodeURIComponent(dashboard)}/widgets/${encodeURIComponent(widget)}/data`,
        { filters },
        { signal },
      ),
    placeholderData: (previous) => previous,
    enabled: options.enabled ?? true,
  });
}
