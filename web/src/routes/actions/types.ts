/** Actions, what they added, and what that teaches, as the server answers. Effects are shares: 0.12 is 12 %. */

export type ActionState = 'planned' | 'running' | 'measured' | 'stopped'
export type Verdict = 'worked' | 'did_not_work' | 'not_enough_evidence'

export interface Estimate {
  value: number
  interval: { low: number; high: number; level: number }
  n: number
}

export interface ActionRow {
  id: number
  state: ActionState
  title: string
  kind: string
  kind_label: string
  state_label: string
  owner: string
  owner_name: string | null
  kpi: 'net_sales' | 'units' | 'gross_margin' | 'orders'
  expected: number
  hypothesis: string
  due: string | null
  starts: string | null
  ends: string | null
  selection: string | null
  cost: string | null
  origin: string
  origin_key: string
  design: 'lot' | 'matched'
  accounts: number
  steps_done: [number, number]
  verdict: Verdict | null
  verdict_label: string | null
  measured: Estimate | null
  ended_at: string | null
}

export interface Named {
  id: string
  name: string | null
}

export interface ActionEvent {
  what: string
  day: string
  text: string
  by: string
  at: string
}

export interface ActionShown extends ActionRow {
  now: Named[]
  later: Named[]
  later_began: string | null
  controls: number
  steps: { text: string; done_at: string | null }[]
  history: ActionEvent[]
  power: string[]
  may_change: boolean
}

export interface NewAction {
  title: string
  kind: string
  owner: string | null
  accounts: string[]
  kpi: string
  /** In per cent. */
  expected: number | null
  hypothesis: string
  due: string | null
  starts: string | null
  ends: string | null
  selection: string | null
  cost: string | null
  steps: string[]
  template: string | null
  origin: string
  origin_key: string
  by_lot: boolean
}

export interface ActionChange {
  title: string
  hypothesis: string
  due: string
  ends: string
  cost: string
  by: string | null
}

export interface PlannedAction {
  design: 'lot' | 'matched'
  now: string[]
  later: string[]
  controls: number
  selection: string | null
  detectable: number | null
  words: string[]
  record: string | null
}

export interface Offered {
  id: string
  label: string
  record: string | null
}

export interface ActionForm {
  kinds: Offered[]
  kpis: Offered[]
  templates: { id: string; kind: string; title: string; hypothesis: string; steps: string[] }[]
  owner: string | null
}

export interface EffectTold {
  state: 'too_early' | 'not_measurable' | 'measured'
  label: string
  words: string[]
  assumed: string[]
  limits: string[]
  verdict?: Verdict
  effect?: Estimate
  path?: { month: string; treated: number; expected: number }[]
}

export interface EffectShown {
  action: number
  title: string
  data_version: number
  effect: EffectTold
  frozen: { by: string; at: string; effect: EffectTold; differs: string | null } | null
}

export interface LedgerEntry {
  action: number
  title: string
  kind: string
  kind_label: string
  segment: string | null
  manager: string
  manager_name: string | null
  expected: number
  measured: Estimate | null
  verdict: Verdict | null
  verdict_label: string
  state: ActionState
  ended: string
}

export interface Ledger {
  groups: { kind: string; kind_label: string; segment: string | null; words: string }[]
  entries: LedgerEntry[]
}
