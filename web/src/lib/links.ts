/** Addresses of pages, made in one place so that filters keep their names. */
import { withQuery } from './api'
import { periodDays } from './period'

export interface LineFilter {
  manager?: string | null
  account?: string | null
  product?: string | null
  /** Lines without a manager, an account or a product. */
  without?: 'manager' | 'account' | 'product'
}

/** The filter for one member of a dimension; `null` is nobody, which is a filter too. */
export function member(by: 'manager' | 'account' | 'product', id: string | null): LineFilter {
  return id === null ? { without: by } : { [by]: id }
}

/** The sales lines behind a figure of this period. */
export function linesOf(period: string, filter: LineFilter = {}): string {
  const days = periodDays(period)
  return withQuery('/lines', { from: days?.from, to: days?.to, ...filter })
}

const one = (section: string) => (id: string, period?: string | null) =>
  withQuery(`/${section}/${encodeURIComponent(id)}`, { period })

export const managerPage = one('managers')
export const accountPage = one('accounts')
export const satisfactionPage = one('satisfaction')
export const productPage = one('products')
export const setAsidePage = (id: number | string) => `/imports/${encodeURIComponent(id)}`
export const factsPage = (kind: string) => `/facts/${encodeURIComponent(kind)}`
/** What serving an account cost in this period, row by row. */
export const costsOf = (account: string, period?: string) => withQuery(factsPage('costs'), { account, period })
