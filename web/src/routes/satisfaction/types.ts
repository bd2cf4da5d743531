/** What the server tells of satisfaction. */
import type { Measure, ProcessKpi } from '../../lib/types'

export type SatisfactionBy = 'account' | 'manager' | 'segment' | 'region' | 'branch'

export interface LastAnswer {
  date: string
  kind: string
  score: number
  part: number
}

export interface SatisfactionRow {
  id: string | null
  name: string | null
  net_sales: number
  base_sales: number | null
  growth: number | null
  share: number | null
  measures: Measure[]
  answers: number
  complaints: number
  open: number
  last: LastAnswer | null
}

export interface MoodSales {
  mood: 'promoter' | 'passive' | 'detractor' | 'not_asked'
  name: string
  accounts: number
  net_sales: number
  share: number | null
  base_sales: number | null
  growth: number | null
}

export interface AtLag {
  lag: number
  strength: { value: number; interval: { low: number; high: number }; n: number }
  units: number
  p: number
  adjusted: number
  is_called: boolean
}

export interface SignalMoves {
  watched: 'satisfaction' | 'response' | 'complaint'
  name: string
  verdict: string
  lags: AtLag[]
  called: AtLag | null
}

export interface Story {
  id: string
  name: string | null
  words: string
  when: string
  step: string
}

export interface FirstMoves {
  months: string
  accounts: number
  signals: SignalMoves[]
  stories: Story[]
  total_stories: number
  chance: string
  notes: string[]
}

export interface Satisfaction {
  period: string
  base: string | null
  as_of: string
  by: SatisfactionBy
  kpis: ProcessKpi[]
  rows: SatisfactionRow[]
  total_rows: number
  nobody: SatisfactionRow | null
  total: SatisfactionRow
  by_mood: MoodSales[]
  first: FirstMoves
  summary: string[]
  notes: string[]
  definitions: { figure: string; name: string; text: string }[]
  data_version: number
}

export interface SatisfactionPoint {
  period: string
  net_sales: number
  satisfaction: number | null
  answers: number
  response_hours: number | null
  responses: number
  complaints: number
}

export interface Said {
  date: string
  kind: string
  score: number | null
  is_resolved: boolean
  resolved: string | null
  note: string | null
}

export interface OneAccount {
  id: string
  name: string | null
  manager: { id: string; name: string | null } | null
  period: string
  window: string
  by_quarter: boolean
  points: SatisfactionPoint[]
  kpis: ProcessKpi[]
  measures: Measure[]
  said: Said[]
  total_said: number
  stories: Story[]
  summary: string[]
  data_version: number
}
