import { defineChart } from '../define';
import { Chart, type TextConfig } from './Chart';

export default defineChart<TextConfig>({ type: 'text', icon: 'paragraph', Chart, still: true });
