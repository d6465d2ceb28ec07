import { defineChart } from '../define';
import { Chart, type KpiConfig } from './Chart';

export default defineChart<KpiConfig>({ type: 'kpi', icon: 'chart', Chart, waitsAs: 'figure' });
