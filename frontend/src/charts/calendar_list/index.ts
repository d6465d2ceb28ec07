import { defineChart, noRecords } from '../define';
import { Chart, type CalendarListConfig } from './Chart';

export default defineChart<CalendarListConfig>({ type: 'calendar_list', icon: 'calendar', Chart, isEmpty: noRecords, flush: true });
