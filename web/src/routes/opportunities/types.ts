/** What the server tells of opportunities. */
export interface Member {
  id: string
  name: string | null
}

export interface Chance {
  value: number
  interval: { low: number; high: number; level: number }
  n: number
}

export interface Opportunity {
  key: string
  kind: string
  kind_name: string
  title: string
  account: Member | null
  item: Member | null
  manager: Member | null
  amount: number
  chance: Chance | null
  worth: number
  worth_low: number
  worth_high: number
  level: number
  hours: number
  per_hour: number
  of_manager: boolean
  reasons: string[]
  evidence: { command: string; api: string; page: string }
  counted: boolean
  account_worth: number
  overlaps: string[]
  dismissed: { reason: string; name: string; note: string | null; by: string; at: string } | null
}

export interface Kind {
  id: string
  name: string
  looked: boolean
  why_not: string | null
  count: number
  chance: Chance
  worked: number
  tried: number
  usual: number
  lowered: number
  dismissed: { reason: string; name: string; count: number }[]
  hours: number
  words: string
}

export interface Hours {
  manager: Member | null
  count: number
  hours: number
  worth: number
  rows: Opportunity[]
  words: string
}

export interface Opportunities {
  today: string
  measure: 'margin' | 'sales'
  summary: string[]
  total: number
  worth: number
  dismissed: number
  not_worth: number
  hours_asked: number
  contact_hours: { hours: number; own: boolean }
  hour_cost: number | null
  kinds: Kind[]
  hours: Hours[]
  rows: Opportunity[]
  reasons: { id: string; name: string }[]
  currency: string | null
  data_version: number
}
