import { defineChart, noRecords } from '../define';
import { type CalendarListConfig, Chart } from './Chart';

export default defineChart<CalendarListConfig>({
  type: 'calendar_list',
  icon: 'calendar',
  Chart,
  isEmpty: noRecords,
  flush: true,
});
