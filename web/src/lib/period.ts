/** Calendar only: what a period covers and what lies beside it. Written as the server writes them. */

export interface Days {
  from: string
  to: string
}

const pad = (value: number) => String(value).padStart(2, '0')

export const monthText = (index: number) => `${Math.floor(index / 12)}-${pad((index % 12) + 1)}`

export function monthIndex(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
}

function lastDay(index: number): string {
  const days = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()
  return `${monthText(index)}-${pad(days)}`
}

/** First and last day of `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`; null when it is none of these. */
export function periodDays(period: string): Days | null {
  const [start, end] = period.split('..')
  if (start && end) {
    const first = periodDays(start)
    const last = periodDays(end)
    return first && last ? { from: first.from, to: last.to } : null
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(period)) return { from: period, to: period }
  const parts = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})))?$/.exec(period)
  if (!parts) return null
  const january = Number(parts[1]) * 12
  if (parts[2]) {
    const first = january + (Number(parts[2]) - 1) * 3
    return { from: `${monthText(first)}-01`, to: lastDay(first + 2) }
  }
  if (parts[3]) {
    const month = january + Number(parts[3]) - 1
    return { from: `${monthText(month)}-01`, to: lastDay(month) }
  }
  return { from: `${monthText(january)}-01`, to: lastDay(january + 11) }
}

/** The months, quarters and years that the data touches, newest first. */
export function periodsWithin(extent: Days): { months: string[]; quarters: string[]; years: string[] } {
  const first = monthIndex(extent.from)
  const months: string[] = []
  for (let index = monthIndex(extent.to); index >= first; index -= 1) months.push(monthText(index))
  const quarters = [...new Set(months.map((m) => `${m.slice(0, 4)}-Q${Math.floor((monthIndex(m) % 12) / 3) + 1}`))]
  const years = [...new Set(months.map((month) => month.slice(0, 4)))]
  return { months, quarters, years }
}

/** The 24 months that end with this period, for the charts of one account or product. */
export function twoYearsUpTo(period: string): string | null {
  const days = periodDays(period)
  if (!days) return null
  const last = monthIndex(days.to)
  return `${monthText(last - 23)}..${monthText(last)}`
}
