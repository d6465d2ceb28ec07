import { defineChart } from '../define';
import { Chart } from './Chart';

export default defineChart({
  type: 'tasks',
  icon: 'todo',
  Chart,
  isEmpty: (data) => (data.tasks?.length ?? 0) === 0,
  flush: true,
});
