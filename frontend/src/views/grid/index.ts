import { defineView } from '../define';
import { lazyView } from '../shared/lazy-view';

export default defineView({
  type: 'grid',
  icon: 'table',
  View: lazyView(async () => (await import('./GridView')).GridView),
  tools: ['group', 'columns', 'height'],
  suits: () => true,
  start: () => ({}),
});
