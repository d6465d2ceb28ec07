import type { ChartProps } from '../define';
import { Cartesian } from '../shared/Cartesian';
import type { SeriesConfig } from '../shared/drill';

export function Chart(props: ChartProps<SeriesConfig>) {
  return <Cartesian {...props} kind="line" />;
}
