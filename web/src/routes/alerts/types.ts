/** What the API tells of alerts, their rules, and scheduled reports. */
import type { Unit } from '../../lib/types'

export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'action' | 'passed' | 'closed'
export type Against = 'history' | 'target' | 'forecast' | 'peers'
export type Side = 'low' | 'high' | 'both'
export type Scope = 'company' | 'region' | 'branch' | 'segment' | 'category' | 'manager' | 'account'
export type Digest = 'daily' | 'weekly' | 'never'

export interface AlertStep {
  at: string
  by: string | null
  state: AlertState
  note: string | null
}

export interface Alert {
  id: number
  rule: number
  scope: Scope
  member: string
  since: string
  raised_at: string
  state: AlertState
  until: string | null
  action: string | null
  lasts: boolean
  title: string
  why: string
  sentence: string
  kpi: string
  unit: Unit
  name: string | null
  month: string
  value: number
  expected: number
  low: number | null
  high: number | null
  figures: string
  to_action: string
  steps: AlertStep[]
}

export interface Rule {
  kpi: string
  by: Scope
  member?: string
  where?: string
  against: Against
  side: Side
  a_year: number
  confirm: number
  at_least: number
}

export interface RuleTold {
  id: number
  rule: Rule
  sentence: string
  error: string | null
  lasting: number
  made_by: string
  checked: string | null
}

export interface Rules {
  rules: RuleTold[]
  scopes: { id: Scope; name: string }[]
  against: { id: Against; name: string }[]
}

export interface RuleTrial {
  sentence: string
  unit: Unit
  watched: number
  months_missing: number | null
  last: string
  past: { member: string | null; month: string; title: string; why: string }[]
  series: {
    id: string | null
    name: string | null
    points: { month: string; value: number | null; expected: number | null; low: number | null; high: number | null; told: boolean }[]
  }[]
}

export interface Report {
  id: number
  login: string
  what: string
  period: string
  format: 'html' | 'xlsx'
  way: 'mail' | 'folder'
  folder: string | null
  every: string
  next: string
  done: string | null
  made: string | null
  error: string | null
}

export interface ReportAsked {
  to: string
  period: string
  format: string
  by: string
  folder: string | null
  every: string
}

export interface Contact {
  login: string
  email: string | null
  lang: 'id' | 'en'
  digest: Digest
  digested: string | null
}
