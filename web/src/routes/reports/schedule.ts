import type { ReportWords } from '../../lib/i18n/alerts.id'

/** How often a report is made: on the first of each month, on Mondays, or daily, each at a time of the clock. */
export type Often = 'monthly' | 'weekly' | 'daily'

/** As the server writes it: `monthly@08:00`, `weekly@08:00` or `08:00`. */
export const scheduleOf = (often: Often, time: string): string => (often === 'daily' ? time : `${often}@${time}`)

/** A schedule in words; one that is not known stays as it is written. */
export function scheduleTold(every: string, words: ReportWords): string {
  const clock = /^(?:(weekly|monthly)@)?(\d\d:\d\d)$/.exec(every)
  if (clock) return words.at(words.often[(clock[1] ?? 'daily') as Often], clock[2] ?? '')
  const span = /^(\d+)([smhd])$/.exec(every)
  return span ? words.span(span[1] ?? '', span[2] ?? '') : every
}
