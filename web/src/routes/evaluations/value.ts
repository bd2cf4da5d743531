/** How figures of an evaluation are written. Formatting only: no figure is computed here. */
import type { Formatter } from '../../lib/format'
import type { Dictionary } from '../../lib/i18n/id'
import type { KpiOfCards, MeasureUnit, Unit } from '../../lib/types'
import { written } from '../process/measures'

const WORK = ['hours', 'days', 'nps', 'rating', 'a_month', 'a_month_per_hundred']

/** A value of a scorecard in the unit of its KPI. */
export function ofCard(format: Formatter, t: Dictionary, kpi: KpiOfCards, value: number | null): string {
  if (value === null) return t.common.none
  if (WORK.includes(kpi.unit)) return written(format, t, kpi.unit as MeasureUnit, value)
  return kpi.unit === 'share' ? format.rate(value) : format.value(kpi.unit as Unit, value)
}
