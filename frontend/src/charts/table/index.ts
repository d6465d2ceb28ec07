import { defineChart, noRows } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Chart } from './Chart';

export default defineChart<SeriesConfig>({ type: 'table', icon: 'table', Chart, isEmpty: noRows, flush: true });
