/** What the server tells of profit. */
export type ProfitBy = 'account' | 'manager' | 'segment' | 'region'

export interface ProfitRow {
  id: string | null
  name: string | null
  net_sales: number
  margin: number | null
  cost_coverage: number | null
  hours: number
  activity_hours: number
  told_cost: number
  hours_cost: number
  cost: number
  profit: number | null
  profit_base: number | null
  change: number | null
}

export interface WhalePoint {
  accounts: number
  profit: number
  share: number | null
}

export interface CostlyAccount {
  id: string
  name: string | null
  net_sales: number
  cost: number
  usual: number
  distance: number
  n: number
}

export interface Rates {
  hourly: number | null
  hours_a_day: number
}

export interface Profit {
  period: string
  base: string | null
  by: ProfitBy
  rows: ProfitRow[]
  total_rows: number
  untied: ProfitRow | null
  total: ProfitRow
  losing: ProfitRow[]
  total_losing: number
  unknown: number
  whale: { accounts: number; accounts_to_peak: number; peak: number; total: number; peak_share: number | null; points: WhalePoint[] } | null
  costly: CostlyAccount[]
  compared: number
  rates: Rates
  summary: string[]
  notes: string[]
  definitions: { figure: string; name: string; text: string }[]
  data_version: number
}

export interface WhatIf {
  profit: number
  profit_then: number
  saved: number
  lost: number
  hours: number
  break_even: number | null
  summary: string[]
}
