import { defineChart, noRecords } from '../define';
import { Chart, type ListConfig } from './Chart';

export default defineChart<ListConfig>({ type: 'list', icon: 'list', Chart, isEmpty: noRecords, flush: true });
