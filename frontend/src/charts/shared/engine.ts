// The part of the chart library that is used, loaded when the first chart is drawn.
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, LabelLayout, SVGRenderer]);

/**
 * A chart in an element. A function of this module and not the library's own
 * handed on: the build would pass the module over, and with it what it registers.
 */
export function draw(element: HTMLElement) {
  return init(element, undefined, { renderer: 'svg' });
}
