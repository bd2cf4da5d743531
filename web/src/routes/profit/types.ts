/** What the server tells of profit. */
export type ProfitBy = 'account' | 'manager' | 'segment' | 'region' | 'branch'

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
  per_order: number | null
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

/** What a change comes to, for an account or for all. */
export interface Effect {
  profit: number
  raised_lines: number
  price_gain: number
  orders: number
  small_orders: number
  orders_away: number
  from_orders: number
  hours: number
  visit_saving: number
  touched_margin: number
  lost: number
  change: number
  profit_then: number
}

export interface EffectRow extends Effect {
  id: string | null
  name: string | null
}

export interface WhatIf {
  period: string
  price_floor: number | null
  above_cost: number | null
  min_order: number | null
  fewer_visits: number
  margin_lost: number
  total: Effect
  break_even: number | null
  rows: EffectRow[]
  total_rows: number
  summary: string[]
  notes: string[]
}

export interface HoursRow {
  id: string | null
  name: string | null
  hours: number
  share_of_hours: number | null
  margin: number | null
  share_of_margin: number | null
  margin_per_hour: number | null
  profit: number | null
  profit_per_hour: number | null
  excess_hours: number | null
  next_hour: number | null
}

export interface NextHours {
  key: string
  kind: string
  kind_name: string
  account: { id: string; name: string | null } | null
  manager: { id: string; name: string | null } | null
  worth: number
  hours: number
  per_hour: number
}

export interface Hours {
  period: string
  by: ProfitBy
  rows: HoursRow[]
  total_rows: number
  untied: HoursRow | null
  total: HoursRow
  least: HoursRow[]
  total_least: number
  without_hours: HoursRow[]
  total_without_hours: number
  next: NextHours[]
  summary: string[]
  notes: string[]
}
