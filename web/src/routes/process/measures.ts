/** How figures of the work are written. Formatting only: no figure is computed here. */
import type { Formatter } from '../../lib/format'
import type { Dictionary } from '../../lib/i18n/id'
import type { Measure, MeasureUnit, ProcessKpi } from '../../lib/types'

export function written(format: Formatter, t: Dictionary, unit: MeasureUnit | undefined, value: number | null | undefined): string {
  if (value === null || value === undefined) return t.common.none
  switch (unit) {
    case 'rate':
      return format.rate(value)
    case 'hours':
      return t.process.hours(format.decimal(value, 1))
    case 'days':
      return t.process.days(format.count(value))
    case 'nps':
    case 'count':
      return format.count(value)
    default:
      return format.decimal(value, 2)
  }
}

/** `51,0 % – 72,6 %`; an end that was not reached is left open. */
export function interval(format: Formatter, t: Dictionary, unit: MeasureUnit | undefined, measure: Measure): string | null {
  if (measure.low === null) return null
  const low = written(format, t, unit, measure.low)
  return measure.high === null ? t.process.upFrom(low) : `${low} – ${written(format, t, unit, measure.high)}`
}

/** What the figure rests on: `12 of 20`, or `n 20`. */
export function cases(format: Formatter, t: Dictionary, measure: Measure): string {
  return measure.cases === undefined ? t.process.from(format.count(measure.n)) : t.process.casesOf(format.count(measure.cases), format.count(measure.n))
}

/** A promise is told in hours or days, whatever the measure that is held against it; the manager's own target in the measure's unit. */
export function promised(format: Formatter, t: Dictionary, kpi: ProcessKpi | undefined, measure: Measure): string | null {
  if (measure.target !== undefined) return t.process.ownTarget(written(format, t, kpi?.unit, measure.target))
  if (measure.promise === undefined) return null
  return kpi?.id.startsWith('response') ? t.process.hours(format.quantity(measure.promise)) : t.process.days(format.quantity(measure.promise))
}
