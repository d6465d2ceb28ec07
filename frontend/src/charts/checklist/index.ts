import { defineChart } from '../define';
import { Chart } from './Chart';

export default defineChart({ type: 'checklist', icon: 'check', Chart, still: true });
