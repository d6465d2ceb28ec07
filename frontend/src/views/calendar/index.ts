import { later } from '@/fields/later';
import { defineView } from '../define';
import { lazyView } from '../shared/lazy-view';
import { isDateField } from '../shared/Settings';
import { allFields } from '../shared/system';

export default defineView({
  type: 'calendar',
  icon: 'calendar',
  View: lazyView(async () => (await import('./CalendarView')).CalendarView),
  Settings: later(async () => (await import('./CalendarSettings')).CalendarSettings),
  tools: [],
  suits: (entity) => allFields(entity).some(isDateField),
  start: (entity) => ({ start: (entity.fields.find(isDateField) ?? allFields(entity).find(isDateField))?.id }),
});
