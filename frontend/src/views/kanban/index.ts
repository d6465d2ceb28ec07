import { later } from '@/fields/later';
import { defineView } from '../define';
import { lazyView } from '../shared/lazy-view';
import { isColumnField } from '../shared/Settings';
import { allFields } from '../shared/system';

export default defineView({
  type: 'kanban',
  icon: 'board',
  View: lazyView(async () => (await import('./KanbanView')).KanbanView),
  Settings: later(async () => (await import('./KanbanSettings')).KanbanSettings),
  tools: [],
  suits: (entity) => allFields(entity).some(isColumnField),
  start: (entity) => ({ group_by: (entity.fields.find(isColumnField) ?? allFields(entity).find(isColumnField))?.id }),
});
