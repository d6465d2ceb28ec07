import { defineChart, noRows } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Chart } from './Chart';

export default defineChart<SeriesConfig>({
  type: 'funnel',
  icon: 'funnel',
  Chart,
  isEmpty: noRows,
  waitsAs: 'drawing',
});
