/** How the things one can group by are called and where they lead. */
import type { Dictionary } from './i18n/id'
import { accountPage, managerPage, productPage } from './links'
import type { MetricsRow } from './types'

export type Dimension = 'account' | 'manager' | 'product' | 'category' | 'region' | 'segment' | 'branch'

export function idOf(row: MetricsRow, by: Dimension): string | null {
  const id = row[by]
  return id === null || id === undefined ? null : String(id)
}

/** The name of what a row stands for, or what to call it where it has none. */
export function nameOf(row: MetricsRow, by: Dimension, words: Dictionary): string {
  const name = row[`${by}_name`] ?? row[by]
  if (name !== null && name !== undefined && name !== '') return String(name)
  switch (by) {
    case 'account':
      return words.columns.noAccount
    case 'manager':
      return words.columns.noManager
    case 'product':
      return words.columns.noProduct
    default:
      return words.columns.none[by]
  }
}

/** The page of what a row stands for; undefined where it has none of its own. */
export function pageOf(row: MetricsRow, by: Dimension, period: string): string | undefined {
  const id = idOf(row, by)
  if (id === null) return by === 'manager' ? '/assign' : undefined
  switch (by) {
    case 'account':
      return accountPage(id, period)
    case 'manager':
      return managerPage(id, period)
    case 'product':
      return productPage(id, period)
    default:
      return undefined
  }
}
