/** The parts of ECharts that the page draws with, and no more; loaded only when there is something to draw. */
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

register([LineChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

export { init };
