/** What the server tells of evaluation cycles. */
import type { Fair, PeerFigure, Problem, Scorecards } from '../../lib/types'

export type Side = 'manager' | 'lead'
export type Stage = 'self_assessment' | 'lead_assessment' | 'talk' | 'sign' | 'signed'

export interface Awaited {
  stage: Stage
  side: Side
  due: string
  is_late: boolean
}

export interface CycleRow {
  id: number
  name: string
  period: string
  credit: string
  self_due: string
  lead_due: string
  talk_due: string
  sign_due: string
  opened_at: string
  opened_by: string
  closed_at: string | null
  closed_by: string | null
  closed_why: string | null
}

export interface Progress {
  id: number
  manager: string
  name: string | null
  lead: string | null
  lead_name: string | null
  stage: Stage
  awaited: Awaited[]
  awaits_me: boolean
  open_disputes: number
  agree: boolean | null
}

export interface Cycle extends CycleRow {
  evaluations: number
  stages: [Stage, number][]
  late: number
  open_disputes: number
  of?: Progress[]
  may_close: boolean
}

export interface CycleAsked {
  name: string
  period: string | null
  self_due: string
  lead_due: string
  talk_due: string
  sign_due: string
}

export const QUESTIONS = ['strengths', 'help', 'quantity', 'process', 'communication', 'steps'] as const
export type Question = (typeof QUESTIONS)[number]
export const SCORED = ['quantity', 'process', 'communication'] as const

export interface Answers {
  quantity: string
  process: string
  communication: string
  strengths: string
  help: string
  steps: string
  quantity_score: number | null
  process_score: number | null
  communication_score: number | null
}

export interface Assessment {
  side: Side
  answers: Answers
  by: string
  at: string
  handed_in: string | null
}

export interface CreditMoved {
  manager: string | null
  before: string
  now: string
}

export interface Dispute {
  id: number
  version: number
  kpi: string
  figure: string | null
  account: string | null
  invoice: string | null
  period: string | null
  claim: string
  evidence: string
  by: string
  at: string
  decision: {
    verdict: 'upheld' | 'partly' | 'rejected'
    why: string
    by: string
    at: string
    remedy: { invoices: string[]; period: string; parts: { manager: string; percent: number }[] } | null
    import: number | null
    changed: CreditMoved[]
    is_undone: boolean
  } | null
}

export interface Frozen {
  version: number
  at: string
  by: string
  why: string
  data: string
  definitions: string
  is_pinned: boolean
}

export interface History extends Progress {
  cycle: number
  cycle_name: string
  period: string
  closed_at: string | null
  whole: number | null
  quantity: number | null
  process: number | null
  communication: number | null
  index: number | null
}

export interface FrozenFigures {
  evaluation: { period: string; base: string | null; year_base: string | null; manager: { figures: PeerFigure[]; strengths: string[]; gaps: string[]; presence?: { text: string } | null } } | null
  scorecard: Scorecards
  fair: Fair | null
}

export type Deed = 'assess' | 'talk' | 'sign' | 'comment' | 'dispute' | 'decide' | 'freeze'

export interface Comment {
  id: number
  kpi: string | null
  text: string
  side: Side
  by: string
  at: string
}

export interface EvaluationTold {
  id: number
  cycle: CycleRow
  manager: string
  name: string | null
  lead: string | null
  lead_name: string | null
  stage: Stage
  awaited: Awaited[]
  may: Deed[]
  side: Side | null
  frozen: Frozen[]
  version: number
  figures: FrozenFigures
  are_words_hidden: boolean
  assessments: Assessment[]
  talks: { id: number; day: string; present: string; agreed: string; by: string; at: string }[]
  comments: Comment[]
  disputes: Dispute[]
  signatures: { version: number; side: Side; agrees: boolean; remark: string | null; by: string; at: string }[]
  history: History[]
  limits: string[]
}

export interface Change {
  kpi: string
  name: string
  what: 'value' | 'target' | 'points'
  before: number | null
  now: number | null
  because: ('program' | 'day' | 'definitions' | 'data')[]
}

export interface Differs {
  version: number
  changes: Change[]
  tables: string[]
  imports: { id: number; kind: string; label: string; started: string; state: string; dispute: number | null }[]
  definitions: ('kpis' | 'weights' | 'promises' | 'ratings')[]
  is_other_program: boolean
}

export interface Reproduced {
  version: number
  is_same: boolean
  changes: Change[]
  program_then: string
  program_now: string
}

/** Who says something where nobody is in: the side and the name have to be told. */
export interface Speaker {
  side: Side | null
  by: string | null
}

/** Says something in the evaluation, or decides the dispute of a number; what is wrong where it is refused. */
export type Say = (what: 'assessment' | 'talks' | 'signatures' | 'comments' | 'disputes' | 'figures' | number, body: object) => Promise<Problem | null>
