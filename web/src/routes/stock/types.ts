/** What the server tells of stock. */
export interface Member {
  id: string
  name: string | null
}

export interface StockRow {
  product: Member
  branch: Member | null
  unit: string | null
  state: string
  state_name: string
  monthly: number
  last_sold: string | null
  days_out: number
  forecast: number | null
  low: number | null
  high: number | null
  on_hand: number | null
  on_hand_day: string | null
  level: number | null
  order: number | null
  lasts: number | null
  missing: number | null
  loss: number | null
  value: number | null
  reasons: string[]
  /** What to do, as the title of an action. */
  action: string
}

export interface Held {
  class: string | null
  name: string | null
  share: { value: number; interval: { low: number; high: number; level: number }; n: number } | null
}

export interface Stock {
  today: string
  lead: number
  review: number
  days: number
  service: number
  summary: string[]
  notes: string[]
  total: number
  states: { id: string; name: string; count: number }[]
  branches: Member[]
  loss: number
  held: Held[]
  is_told: boolean
  rows: StockRow[]
  currency: string | null
  data_version: number
}
