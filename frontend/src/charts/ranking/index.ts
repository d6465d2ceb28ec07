import { defineChart, noRows } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Chart } from './Chart';

export default defineChart<SeriesConfig>({ type: 'ranking', icon: 'trophy', Chart, isEmpty: noRows });
