/** Addresses of pages, made in one place so that filters keep their names. */
import { withQuery } from './api'
import { periodDays } from './period'

interface LineFilter {
  manager?: string | null
  account?: string | null
  product?: string | null
}

/** The sales lines behind a figure of this period. */
export function linesOf(period: string, filter: LineFilter = {}): string {
  const days = periodDays(period)
  return withQuery('/lines', { from: days?.from, to: days?.to, ...filter })
}

const one = (section: string) => (id: string, period?: string) =>
  withQuery(`/${section}/${encodeURIComponent(id)}`, { period })

export const managerPage = one('managers')
export const accountPage = one('accounts')
export const productPage = one('products')
export const setAsidePage = (id: number | string) => `/imports/${encodeURIComponent(id)}`
