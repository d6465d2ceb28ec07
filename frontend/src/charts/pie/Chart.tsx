import type { ChartProps } from '../define';
import type { SeriesConfig } from '../shared/drill';
import { Pie } from '../shared/Pie';

export function Chart(props: ChartProps<SeriesConfig>) {
  return <Pie {...props} />;
}
