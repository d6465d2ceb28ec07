import { defineChart, noRows } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Chart } from './Chart';

export default defineChart<SeriesConfig>({
  type: 'bar',
  icon: 'chart',
  Chart,
  isEmpty: noRows,
  phoneHeight: 240,
  waitsAs: 'drawing',
});
