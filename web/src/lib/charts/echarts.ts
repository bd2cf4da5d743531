/** Only the parts of ECharts that the page draws with. Loaded when the first chart is shown. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, ScatterChart, AriaComponent, GridComponent, TooltipComponent, SVGRenderer])

export { init }
