import { defineChart, noRows } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Chart } from './Chart';

export default defineChart<SeriesConfig>({
  type: 'pie',
  icon: 'chart',
  Chart,
  isEmpty: noRows,
  phoneHeight: 260,
  waitsAs: 'drawing',
});
