/** What the server answers. Rates, growths, shares and attainments are fractions: 0.12 is 12 %. */

export type Unit = 'money' | 'quantity' | 'count' | 'rate'
export type Direction = 'higher' | 'lower' | 'neutral'
import type { Kind } from './kinds'

export type { Kind }

/** Who is credited where an account changed hands. */
export type Credit = 'recorded' | 'then' | 'now'

export interface Status {
  version: string
  data_version: number | string
  empty: boolean
  extent: { from: string; to: string } | null
  currency: string | null
  ppn: 'included' | 'excluded' | null
  unassigned_accounts: number
  /** It is known whose accounts are, so that sales can be credited to owners. */
  has_owners: boolean
  lines: number
  /** The period a page shows when its address names none. */
  default_period?: string | null
}

export interface Kpi {
  id: string
  name: string
  definition: string
  unit: Unit
  direction: Direction
  nature: string
  /** The KPI whose targets it tells of: `units` of `units_attainment`. */
  of?: string
  /** An own KPI has these too. */
  own?: boolean
  version?: number
  measure?: KpiUnit
  expression?: string
  period_rule?: PeriodRule
  missing_rule?: MissingRule
  check?: string | null
  names?: Words
  descriptions?: Words
}

export type KpiUnit = 'money' | 'quantity' | 'count' | 'share' | 'number' | 'days' | 'hours'
export type PeriodRule = 'sum' | 'ratio' | 'last' | 'average'
export type MissingRule = 'zero' | 'leave_out' | 'null'

export interface Words {
  id: string
  en: string
}

/** An own KPI as it is written down; what is left out follows from the expression. */
export interface KpiDefinition {
  id: string
  name: Words
  description: Words
  expression: string
  unit?: KpiUnit
  direction?: Direction
  period?: PeriodRule
  missing?: MissingRule
  check?: string
}

export interface KpiVersion {
  version: number
  at: string
  /** Null where the KPI was removed then. */
  definition: KpiDefinition | null
}

export interface KpiTrial {
  kpi: Kpi
  /** What kind of number it is. */
  kind: string
  by: string | null
  window: string
  whole: number | null
  whole_why: string | null
  table: { rows: MetricsRow[]; notes: { column: string; rows: number; reason: string }[] }
  check_table: { rows: MetricsRow[] } | null
  disagreements: number
  rows_behind: { table: string; total: number; rows: Record<string, unknown>[] }[]
  took_ms: number
}

export interface FactTable {
  name: string
  label: string
  day: string | null
  columns: { name: string; holds: 'text' | 'day' | 'number' }[]
}

export interface Pack {
  id: string
  version: number
  name: string
  description: string
  words: { word: string; meaning: string }[]
  kpis: Kpi[]
  weights: {
    version: number
    /** Weights in per cent. */
    groups: { group: string; name: string; weight: number; kpis: { kpi: string; name: string; weight: number; own: boolean }[] }[]
  }
}

export interface Packs {
  packs: Pack[]
  in_use: { id: string; version: number; since: string } | null
}

export interface PackUsed {
  pack: string
  version: number
  saved: [string, number][]
  kept: string[]
}

export interface Figure {
  kpi: string
  value: number | null
  /** Why there is no value. */
  reason?: string | null
  prior: number | null
  year: number | null
  growth_prior: number | null
  growth_year: number | null
  target: number | null
  attainment: number | null
  /** Share of the lines the figure rests on, where it is not all of them. */
  coverage?: number | null
}

export interface PeerFigure extends Figure {
  rank: number | null
  of: number | null
  peer_median: number | null
}

export interface MonthPoint {
  month: string
  net_sales: number | null
  target?: number | null
  net_sales_year_ago?: number | null
}

export interface MonthToDate {
  month: string
  last_day: string
  net_sales: number | null
  target: number | null
  attainment: number | null
  /** Share of the month that has passed. */
  time_gone: number | null
  run_rate_projection: number | null
  prior_equal_days: number | null
  needed_per_day: number | null
}

export interface ManagerRow {
  id: string | null
  name: string | null
  supervisor: string | null
  branch: string | null
  net_sales: number | null
  growth_prior: number | null
  growth_year: number | null
  target: number | null
  attainment: number | null
  share: number | null
}

export interface GroupRow {
  id: string | null
  name: string | null
  managers: number
  net_sales: number | null
  target: number | null
  attainment: number | null
  growth_prior: number | null
  growth_year: number | null
}

export interface Mover {
  account: string | null
  account_name: string | null
  manager_name?: string | null
  now: number | null
  base: number | null
  change: number
}

export interface Overview {
  period: string
  base: string | null
  year_base: string | null
  data_version: number | string
  currency: string | null
  kpis: Figure[]
  months: MonthPoint[]
  month_to_date: MonthToDate | null
  managers: ManagerRow[]
  supervisors: GroupRow[]
  branches: GroupRow[]
  movers: { up: Mover[]; down: Mover[] }
  summary: string
  default_period: string
  periods: string[]
}

export interface Movers {
  up: Mover[]
  down: Mover[]
  others: number
  difference: number
}

export interface ManagerEvaluation {
  id: string | null
  name: string | null
  supervisor: string | null
  branch: string | null
  figures: PeerFigure[]
  movers: { prior: Movers | null; year: Movers | null }
  presence: (Presence & { target: number | null; attainment: number | null }) | null
  strengths: string[]
  gaps: string[]
  months: MonthPoint[]
}

export interface Evaluation {
  period: string
  base: string | null
  year_base: string | null
  data_version: number | string
  currency: string | null
  total: { figures: Figure[] }
  managers: ManagerEvaluation[]
}

export type MetricsRow = Record<string, string | number | null>

export interface Metrics {
  period: string
  base: string | null
  data_version: number | string
  total_rows: number
  rows: MetricsRow[]
}

export interface Line {
  date: string
  invoice_no: string | null
  line_no: string | null
  account_id: string | null
  account_name: string | null
  manager_id: string | null
  manager_name: string | null
  product_id: string | null
  product_name: string | null
  quantity: number | null
  unit: string | null
  unit_price: number | null
  discount: number | null
  net: number | null
  cost: number | null
  import_id: number | string
  file: string
  sheet: string | null
  row: number
}

export interface ImportRow {
  id: number | string
  kind: Kind
  file: string
  source: string
  started: string
  rows: number
  lines: number
  replaced: number
  set_aside: number
  unchanged: number
  net: number | null
  first_day: string | null
  last_day: string | null
  state: 'running' | 'done' | 'failed' | 'undone'
  /** Why it failed. */
  message: string | null
}

/** What the user decides about a file. An empty column name leaves that field unused. */
export interface ImportOptions {
  kind?: Kind
  map?: Record<string, string>
  date_order?: string
  number_style?: string
  discount?: string
  cost?: string
  ppn?: 'included' | 'excluded' | undefined
  sheet?: string
  unassigned?: boolean
  drop_duplicates?: boolean
  source?: string
  /** The saved profile to read it by. */
  profile?: string | undefined
  /** Cells corrected by hand. */
  fixes?: { row: number; column: string; value: string }[] | undefined
}

export interface FileColumn {
  name: string
  samples: string[]
  field: string | null
  how: 'header' | 'values' | 'user' | 'profile' | null
}

export interface FileCheck {
  upload: string
  file: string
  format: string | null
  separator: string | null
  encoding: string | null
  sheet: string | null
  sheets: string[]
  columns: FileColumn[]
  fields: { id: string; name: string; required: boolean }[]
  check: null | {
    rows: number
    lines: number
    replaced?: number
    unchanged?: number
    set_aside: number
    duplicates: number
    first_day: string | null
    last_day: string | null
    net: number | null
    warnings: string[]
    bad: { row: number; column: string | null; value: string; reason: string; suggestion: string | null }[]
  }
  problem: null | {
    code: string
    message: string
    next: string | null
    /** The option that would settle it; for `map` the field that the values are columns for. */
    choices?: { option: keyof ImportOptions; field?: string; values: { value: string; label: string }[] }[]
  }
}

export interface SetAside {
  headers: string[]
  rows: {
    row: number
    column: string | null
    value: string
    reason: string
    /** What to write in the column instead, where that is obvious. */
    suggestion: string | null
    cells: string[]
  }[]
}

export interface Assignments {
  accounts: { id: string; name: string | null; net_sales: number | null; branch: string | null }[]
  managers: { id: string; name: string | null }[]
}

/** Where an error lies and what to do about it, as the server says it. */
export interface Problem {
  code: string
  /** The character of an expression, from 1, at which it went wrong. */
  position?: number
  message: string
  next?: string | null
  file?: string | null
  sheet?: string | null
  row?: number | null
  column?: string | null
  value?: string | null
}

export interface AnalysisWindow {
  from: string
  to: string
  label: string
}

export interface Interval {
  low: number
  high: number
  level: number
}

export interface ExplanationItem {
  kind: 'product' | 'account'
  id: string | null
  name: string | null
  amount: number
  base: number
  current: number
  quantity_base: number | null
  quantity_current: number | null
}

export interface ExplanationBar {
  bar: string
  label: string
  definition: string
  amount: number
  start: number
  end: number
  count: number
  items: ExplanationItem[]
  more: number
  rest: number
}

export interface Explanation {
  period: string
  base: AnalysisWindow & { kind: 'window' | 'target' }
  current: AnalysisWindow
  manager: { id: string; name: string | null } | null
  base_total: number
  current_total: number
  difference: number
  bars: ExplanationBar[]
  contribution: { quantity: number; mix: number; volume: number; covered: number; compared: number } | null
  notes: string[]
  summary: string[]
  data_version: number | string
}

export interface KeptRate {
  kpi: string
  name: string | null
  definition: string | null
  value: number | null
  interval: Interval | null
  n: number
}

export interface Kept {
  window: AnalysisWindow
  base: AnalysisWindow
  base_total: number
  current_total: number
  bridge: { bar: string; label: string; accounts: number; amount: number; start: number; end: number }[]
  rates: KeptRate[]
  cohorts: { last: string; rows: { cohort: string; accounts: number; active: number[]; shares: number[] }[] }
  pareto: { accounts: number; top20_share: number; accounts_for_80: number; gini: number } | null
  whale: { accounts: number; peak: number; peak_accounts: number; final_total: number } | null
  whale_note: string
  summary: string[]
  data_version: number | string
}

/** A ratio with its interval: 1.1 is 10 % above. */
export interface Ratio {
  value: number
  low: number
  high: number
  level: number
  n: number
}

export type FunnelPlace = 'far_above' | 'above' | 'within' | 'below' | 'far_below'

export interface FairRow {
  id: string
  name: string | null
  accounts: number
  observed: number
  expected: number | null
  /** Why there is no comparison; the figures of it are missing then. */
  why: string | null
  index?: Ratio
  /** ln(index) and its standard error: where the manager lies in the funnel. */
  log_index?: number
  error?: number
  shrunken?: Ratio | null
  best?: Ratio | null
  funnel_place?: FunnelPlace
  funnel_text?: string
  rank?: { best: number; median: number; worst: number; level: number; n: number } | null
  top_quarter?: number | null
  skill: (Ratio & { set: number; members: number }) | null
  skill_note: string
  strengths: string[]
  would_help: string[]
}

export interface FairDefinition {
  figure: string
  name: string
  text: string
}

export interface Fair {
  period: string
  summary: string[]
  compared: number
  accounts: number
  with_baseline: number
  places: string[]
  funnel: { inner: number; outer: number; dispersion: number; points: FunnelPoint[] } | null
  hand_overs: number
  sets: number[]
  rows: FairRow[]
  definitions: FairDefinition[]
  data_version: number | string
}

/** The limits of the funnel at one standard error, as ratios. */
export interface FunnelPoint {
  error: number
  outer_low: number
  inner_low: number
  inner_high: number
  outer_high: number
}

export interface AccountRisk {
  id: string
  name: string | null
  manager: string | null
  manager_name: string | null
  last_order: string
  overdue: boolean | null
  p_alive: number | null
  expected_orders: number | null
  year_sales: number
  value_at_risk: number | null
  words: string
}

export interface Risk {
  today: string
  fdr: number
  accounts: number
  overdue: number
  model: { n?: number; why?: string }
  rows: AccountRisk[]
  total_rows: number
  summary: string[]
  data_version: number | string
}

/** An estimate, or why there is none. */
export type Told<T> = Partial<T> & { why?: string }

export interface CalendarEffect {
  effect: string
  label: string
  value: number
  interval: Interval
  p: number
}

export interface LevelBreak {
  month: string
  before: number
  after: number
  same_accounts: boolean
  words: string
  short: string
}

export interface TrendFound {
  slope: { value: number; interval: Interval; n: number }
  yearly_rate: number | null
  is_chance: boolean
  n: number
}

export interface MemberTrend {
  id: string | null
  name: string | null
  level: number
  trend: Told<TrendFound>
  adjusted: number | null
  stands_out: boolean
  breaks: LevelBreak[]
}

export interface FigureRelation {
  one: string
  one_name: string
  other: string
  other_name: string
  rho: { value: number; interval: Interval; n: number }
  p: number
  adjusted: number
  moves_together: boolean
}

export interface Trends {
  kpi: string
  name: string
  unit: Unit
  months: { month: string; value: number; adjusted: number; level: number | null }[]
  trend: Told<TrendFound>
  season: Told<{ kind: 'none' | 'additive' | 'multiplicative'; indices: { month: number; index: number }[]; n: number }>
  calendar: Told<{ effects: CalendarEffect[]; n: number }>
  relations: FigureRelation[]
  by: string | null
  members: MemberTrend[]
  summary: string[]
  data_version: number | string
}

export interface ForecastOutlook {
  window: string
  label: string
  done: number
  months_ahead: number
  expected: number
  interval: Told<Interval>
  target: number | null
  chance: Told<{ value: number; interval: Interval; n: number }> | null
}

export interface ForecastRow {
  id: string | null
  name: string | null
  history: { month: string; value: number }[]
  forecast: Told<{ model: string; n: number; steps: { month: string; value: number; interval: Interval; n: number }[] }>
  outlooks: ForecastOutlook[]
}

export interface ReliabilityBin {
  told: number
  came: number
  interval: Interval
  n: number
}

export interface Forecasts {
  by: string | null
  horizon: number
  last: string
  rows: ForecastRow[]
  backtest: Told<{
    coverage: Told<{ value: number; interval: Interval; n: number }>
    reliability: Told<{ bins: ReliabilityBin[]; brier: number; n: number }>
    against_year_ago: number | null
    n: number
  }>
  summary: string[]
  notes: string[]
  data_version: number | string
}

export interface MissPart {
  label: string
  values: { dimension: string; id: string | null; name: string | null }[]
  expected: number
  actual: number
  gap: number
  share: number
  stands_out: boolean
}

export interface Miss {
  period: string
  base: string
  actual: number
  expected: number
  gap: number
  parts: MissPart[]
  rest: MissPart
  explained: number | null
  n: number
  summary: string[]
  notes: string[]
  data_version: number | string
}

/** What is said about a database; a password is used once and forgotten. */
export interface SourceAsked {
  name?: string
  url: string
  table?: string
  query?: string
  kind: ImportRow['kind']
  watermark?: string
  password?: string
  password_env?: string
}

export interface SourceTable {
  name: string
  rows: number | null
  columns: { name: string; type: string }[]
}

export interface SourceLook {
  columns: { name: string; type: string }[]
  /** None for kinds whose columns are not mapped beforehand. */
  mapping: { field: string; label: string; header: string }[] | null
  /** The key by which a first load that is cut off goes on; without one it begins anew. */
  resumes_by: string[]
}

/** A database that is read again and again. */
export interface Source {
  name: string
  url: string
  table?: string
  query?: string
  kind: ImportRow['kind']
  watermark: string | null
  password: unknown
  synced: string | null
  error: string | null
  /** When it is synced by itself: `1h`, `02:30`. */
  schedule: string | null
  next: string | null
  /** What a sync that runs now is at, in whatever process. */
  running: SyncRunning | null
  /** Rows of a first load that was cut off; the next sync goes on from them. */
  kept: number | null
}

export interface SyncRunning {
  step: 'reading' | 'importing'
  rows: number
  /** Those of them that an earlier sync had read. */
  kept: number
  about: number | null
  per_second: number
  share: number | null
}

export interface SyncedImport {
  id: number
  rows: number
  added: number
  replaced: number
  unchanged: number
  set_aside: number
}

export interface Synced {
  source: string
  import: SyncedImport | null
  kept: number
  /** What changed between a sync that was cut off and this one. */
  caught_up: SyncedImport | null
  new_columns: string[]
}

export interface MonthOfSource {
  month: string
  source_lines: number
  lines: number
  source_net: number
  net: number
  agrees: boolean
}

export interface Reconciliation {
  source: string
  months: MonthOfSource[]
  missing: number
  corrected: number
  gone: number
  differs: boolean
  applied: number | null
  set_aside: number
}

/** A column of the rows of a kind. */
export interface ColumnOfFact {
  name: string
  label: string
  holds: 'text' | 'day' | 'money' | 'number' | 'word'
  words: { word: string; label: string }[]
  needed: boolean
}

/** A field of a form for rows of a kind. */
export interface FieldOfForm {
  /** Its name where rows are pushed. */
  name: string
  /** The column that it fills. */
  column: string
  label: string
  holds: 'text' | 'day' | 'money' | 'number' | 'share' | 'period' | 'word' | 'choice'
  words: { word: string; label: string }[]
  needed: boolean
  /** Whose ids are offered while it is typed. */
  offers: string | null
  help: string | null
}

/** What a form for rows of a kind asks: once, and for each of several rows. */
export interface FormOfKind {
  once: FieldOfForm[]
  many: FieldOfForm[]
  /** The columns that make a row the same row. */
  key: string[]
}

export interface KnownName {
  id: string
  name: string | null
}

/** A kind of data and how much there is of it. */
export interface KindOfFact {
  kind: Kind
  label: string
  rows: number
  form: FormOfKind
  /** The column by whose words its rows are summed up. */
  by: string | null
  columns: ColumnOfFact[]
  /** Who asks may bring in rows of it. */
  may_add: boolean
  /** Where only the own rows may be brought in: the source that these lie in. */
  own_source: string | null
}

export type FactRow = Record<string, string | number | null>

export interface FactPage {
  total: number
  groups: { word: string | null; currency: string | null; rows: number; sum: string | null }[]
  rows: FactRow[]
}

/** What came of rows that were pushed. */
export interface Pushed {
  import: number
  rows: number
  accepted: number
  set_aside: { row: number; column: string | null; value: string; reason: string; suggestion: string | null }[]
}

/** One side of a pair of ids that may be one. */
export interface MemberOfPair {
  id: string
  name: string | null
  place: string | null
  net_sales: number | null
}

type Thing = 'account' | 'product' | 'manager'

export interface OddLine {
  import: number
  file: string
  row: number
  sheet: string | null
  date: string
  account: string | null
  product: string | null
  value: string
  usual: string | null
}

export interface OddLines {
  count: number
  examples: OddLine[]
}

export interface TargetOff {
  scope: string
  kpi: string
  from: string
  value: number
  usual: number
  import: number
  file: string
  row: number
}

/** A target that another stream told before: both count. */
export interface TargetTwice {
  scope: string
  kpi: string
  from: string
  to: string
  value: number
  import: number
  file: string
  row: number
  first: number
  first_file: string
  first_row: number
}

/** What the data lack and what in them looks wrong. */
export interface Quality {
  today: string
  lines: number
  fields: (Thing | 'category' | 'region' | 'segment' | 'quantity' | 'cost')[]
  months: { month: string; lines: number; lacking: number[] }[]
  streams: { source: string; lines: number; last_day: string | null; days_since: number | null; imported: string | null }[]
  set_aside: { import: number; label: string; kind: Kind; rows: number }[]
  duplicates: {
    of: Thing
    alias: MemberOfPair
    member: MemberOfPair
    score: number
    why: 'same_name' | 'same_id' | 'near_name'
  }[]
  unknown: {
    of: Thing
    id: string
    net_sales: number | null
    rows: number
    kinds: Kind[]
    nearest: MemberOfPair | null
  }[]
  lacking: { kind: Kind; rows: number; column: string; lacking: number }[]
  prices: OddLines
  costs: OddLines
  future: OddLines
  targets: TargetOff[]
  targets_twice: TargetTwice[]
  shares: { account: string; from: string | null; percent: number }[]
  rate_currencies: string[]
}

/** What an undo does, or would do: then with the first of the rows concerned. */
export interface Undo {
  lines_removed: number
  lines_restored: number
  removed: FactRow[]
  restored: FactRow[]
}

/** An import and what became of its rows. */
export interface ImportDetail extends ImportRow {
  fate: { live: number; undone: number; corrected_by: Record<string, number> }
}

/** Where a secret is found; it is never kept. */
export type SecretFrom = 'nowhere' | { env: string } | { file: string }

/** A way out. */
export type Channel =
  | {
      kind: 'mail'
      host: string
      port: number
      tls: 'implicit' | 'start_tls' | 'none'
      user: string | null
      password: SecretFrom
      from: string
      to: string[]
    }
  | { kind: 'webhook'; url: string; secret: SecretFrom; private?: boolean }

export interface ChannelAsked {
  name: string
  channel: Channel
  events: string[]
  lang: 'id' | 'en'
}

export interface OutboxMessage {
  id: string
  channel: string
  event: string
  at: string
  subject: string
  text: string
  state: 'waiting' | 'sent' | 'failed'
  tries: number
  next: string | null
  error: string | null
}

export interface Outbox {
  channels: ChannelAsked[]
  messages: OutboxMessage[]
}

/** An owner of an account and the part of the credit. */
export interface NamedOwner {
  id: string | null
  name: string | null
  share: number
}

interface Side {
  months: number
  monthly: number | null
}

/** An account that changed hands. */
export interface Handover {
  account: string
  account_name: string | null
  day: string
  from: NamedOwner[]
  to: NamedOwner[]
  before: Side
  after: Side
  growth: number | null
}

export interface Handovers {
  total: number
  rows: Handover[]
}

export type RoleName = 'owner' | 'head' | 'lead' | 'account_manager' | 'operations' | 'reader'

export interface Person {
  id: number
  login: string
  name: string
  role: RoleName
  manager: string | null
}

/** Who is in, and what that lets one do. */
export interface Who {
  users: boolean
  person: Person | null
  role_label: string | null
  rights: string[]
  own_line: boolean
  guard: string | null
}

export interface User extends Person {
  added: string
  closed: string | null
  reach: number | null
}

export interface Users {
  users: User[]
  roles: { name: RoleName; label: string; description: string; of_a_line: boolean }[]
}

export interface NewUser {
  login: string
  name: string | null
  role: RoleName
  manager: string | null
  password: string
}

export interface UserChange {
  name?: string
  role?: RoleName
  manager?: string
  password?: string
  is_open?: boolean
}

export interface Token {
  id: number
  login: string
  label: string
  made: string
  used: string | null
  ends: string | null
}

export interface NewToken {
  id: number
  token: string
  ends: string | null
}

/** A decision: by whom, about whom, on which data. */
export interface Decided {
  id: number
  at: string
  who: string | null
  action: string
  what: string
  detail: string
  about: { id: string; name: string | null }[]
  others: number
  data: number | null
  since: number
}

/** What is held about a person. */
export interface Held {
  manager: string | null
  login: string | null
  kinds: { of: string; label: string; rows: number }[]
  looked_at: { who: string; day: string; answers: number }[]
}

export interface Audit {
  changes: { at: string; who: string | null; action: string; what: string; detail: string }[]
  looks: { day: string; who: string; what: string; times: number; last: string }[]
}

export type MeasureUnit = 'rate' | 'count' | 'a_month' | 'a_month_per_hundred' | 'hours' | 'days' | 'nps' | 'rating'

/** A KPI of the work. */
export interface ProcessKpi {
  id: string
  name: string
  definition: string
  side: 'process' | 'communication'
  unit: MeasureUnit
  direction: Direction
  least: number
  rows: 'activities' | 'offers' | 'feedback' | 'rubric'
}

/** A figure of the work with its interval; an end that was not reached is null. */
export interface Measure {
  kpi: string
  value: number | null
  low: number | null
  high: number | null
  level: number | null
  cases?: number
  n: number
  /** The manager's own target, in the measure's unit: it holds in place of what holds for all. */
  target?: number
  attainment?: number
  promise?: number
  suppressed?: string
  reason?: string
}

export interface ProcessManager {
  id: string | null
  name: string | null
  measures: Measure[]
}

export interface Promises {
  response_hours: number
  follow_up_days: number
  contacts_a_month: [number, number, number]
}

export interface ClassCoverage {
  class: string
  accounts: number
  worth: number
  planned: number
  contacted: Measure
  as_planned: Measure
}

export interface AccountContact {
  id: string
  name: string | null
  class: string
  worth: number | null
  contacts: number
  planned: number
  last: string | null
  managers: string[]
}

export interface OfferBehind {
  id: string
  account: string | null
  account_name: string | null
  manager: string | null
  opened: string | null
  followed_up: string | null
  closed: string | null
  state: string
  amount: number | null
  currency: string | null
  reason: string | null
}

export interface ReasonRow {
  state: string
  reason: string | null
  count: number
  amount: number | null
}

export interface ComplaintBehind {
  account: string | null
  account_name: string | null
  date: string
  resolved: string | null
  is_resolved: boolean
}

export interface ProcessDetail {
  id: string | null
  name: string | null
  classes: ClassCoverage[]
  responses: { over: number; up_to: number | null; count: number }[]
  funnel: { sent: number; followed_up: number; won: number; lost: number; open: number; amount: number | null; won_amount: number | null }
  reasons: ReasonRow[]
  accounts: AccountContact[]
  total_accounts: number
  untouched: number
  offers: OfferBehind[]
  total_offers: number
  complaints: ComplaintBehind[]
  total_complaints: number
}

export interface Process {
  period: { from: string; to: string; label: string }
  as_of: string
  classed_by: { from: string; to: string; label: string } | null
  promises: Promises
  kpis: ProcessKpi[]
  total: ProcessManager
  managers: ProcessManager[]
  detail: ProcessDetail
  currency: string | null
  data_version: number
}
export interface TargetChance {
  value: number
  low: number
  high: number
  n: number
}

export interface TargetOffer {
  ambition: number
  amount: number
  chance: TargetChance
}

export interface SuggestedTarget {
  id: string | null
  name: string | null
  year_ago: number | null
  two_years_ago: number | null
  done: number | null
  expected: number | null
  low: number | null
  high: number | null
  suggested: Partial<TargetOffer> & { why?: string }
  offers: TargetOffer[]
  potential: number | null
  is_above_potential: boolean
  held: number | null
  held_chance: TargetChance | null
  months: { month: string; value: number }[]
}

export interface SuggestedTargets {
  kpi: Kpi
  period: string
  ambition: number
  rows: SuggestedTarget[]
  /** None of shares and means. */
  total: number | null
  reliability: { bins?: ReliabilityBin[]; why?: string }
  notes: string[]
  data_version: number
}

export interface TargetCell {
  value: number | null
  text: string | null
  held: number | null
  draft: number | null
  draft_id: number | null
  chance: number | null
  fault: string | null
  doubts: string[]
}

export interface TargetRow {
  id: string | null
  name: string | null
  cells: TargetCell[]
  whole: number | null
  total: number | null
  chance: TargetChance | null
  expected: number | null
  why: string | null
}

export interface TargetGrid {
  kpi: Kpi
  level: string
  period: string
  months: string[]
  rows: TargetRow[]
  sums: (number | null)[]
  total: number | null
  top: number[] | null
  top_total: number | null
  gap: number[] | null
  gap_total: number | null
  left_out: number
  faults: number
  questioned: number
}

export interface TargetScope {
  kpi: string
  level: string
  manager: string | null
}

export interface TargetDraft {
  id: number
  name: string | null
  manager: string | null
  account: string | null
  product: string | null
  category: string | null
  region: string | null
  segment: string | null
  branch: string | null
  period: string
  kpi: string
  value: string
  before: string | null
  chance: number | null
  reason: string
  doubts: string
  confirmed: string | null
  set_by: string
  set_at: string
  state: 'draft' | 'approving' | 'approved' | 'rejected' | 'replaced'
  decided_by: string | null
  decided_at: string | null
  decision: string | null
  import: number | null
  is_undone: boolean
}

/** A criterion of the rubric, with the mean of the ratings asked for. */
export interface Criterion {
  id: string
  name: string
  /** What a 1, a 3 and a 5 look like. */
  marks: [string, string, string]
  mean: number | null
  low: number | null
  high: number | null
  n: number
}

export interface Rating {
  id: number
  at: string
  rater: string
  manager: string
  manager_name: string | null
  day: string
  rubric: number
  criterion: string
  score: number
  evidence: string
  kind: string | null
  fact: string | null
  corrects: number | null
  corrected_by: number | null
}

export interface RatingAsked {
  rater: string
  manager: string
  criterion: string
  score: number
  evidence: string
  day?: string
  fact?: string
  corrects?: number
}

export interface Rubric {
  version: number
  criteria: Criterion[]
  managers: { id: string; name: string | null; mean: number | null; low: number | null; high: number | null; n: number }[]
  ratings: Rating[]
}

/** Points, or how little is known. */
export interface PointsOfCard {
  score: number | null
  known: number
}

/** What a KPI brings to a card. */
export interface PartOfCard {
  kpi: string
  value: number | null
  low: number | null
  high: number | null
  n: number | null
  target: number | null
  reason: string | null
  /** What points are counted from, where days away make it another figure. */
  counted: number | null
  points: number | null
  gained: number | null
  lost: number | null
  /** How much of the KPI's own target was reached, where it has one: then that earns the points. */
  attained: number | null
}

/** The working days on which a manager was there. */
export interface Presence {
  days: number
  present: number
  in_target: number
  away: { from: string; to: string; reason: string | null; in_target: boolean }[]
  text: string
  no_rank: string | null
}

export interface CardOfManager {
  id: string
  name: string | null
  quantity: PointsOfCard
  process: PointsOfCard
  communication: PointsOfCard
  quality: PointsOfCard
  whole: PointsOfCard
  rank_best: number | null
  rank_worst: number | null
  ranked: number | null
  corner: string | null
  suggestion: string | null
  presence: Presence | null
  /** Why there is nothing to score. */
  blank: string | null
  parts: PartOfCard[]
}

export interface KpiOfCards {
  id: string
  name: string
  definition: string
  group: string
  weight: number
  unit: string
  direction: Direction
  none: number | null
  full: number | null
  of_peers: boolean | null
  /** What days away do to it. */
  when_away: string | null
  not_scored: string | null
  median: number | null
}

export interface Scorecards {
  period: string
  weights_version: number
  groups: { id: string; name: string; weight: number }[]
  kpis: KpiOfCards[]
  managers: CardOfManager[]
  currency: string | null
  data_version: number
}

/** Weights in per cent. */
export interface Weights {
  version: number
  quantity: WeightGroup
  process: WeightGroup
  communication: WeightGroup
}

export interface WeightGroup {
  weight: number
  kpis: { kpi: string; weight: number }[]
}

export interface WeightsAnswer {
  in_use: { weights: Weights; from: string; since: string | null; by: string | null }
  history: { version: number; at: string; by: string; weights: Weights | null }[]
  kpis: { id: string; name: string; definition: string; group: 'quantity' | 'process' | 'communication' }[]
}

/** A manager or an account on the plane. */
export interface PlanePoint {
  id: string
  name: string | null
  quantity: PointsOfCard
  quality: PointsOfCard
  corner: string | null
}

export interface AccountOnPlane extends PlanePoint {
  manager: string | null
  manager_name: string | null
  class: string
  net_sales: number | null
  answers: number
  suggestion: string | null
  reason: string | null
  parts: { measure: string; value: number | null; points: number | null }[]
}

export interface AccountsPlane {
  period: string
  measures: { id: string; name: string; definition: string; side: 'quantity' | 'quality'; weight: number; recorded: boolean }[]
  total: number
  accounts: AccountOnPlane[]
  currency: string | null
  data_version: number
}

export interface EvidenceTold {
  kpi: string
  text: string
}

export interface CauseTold {
  bar: string
  name: string
  definition: string
  amount: number
  share: number
  members: { dimension: string; id: string | null; name: string | null; amount: number }[]
  evidence: EvidenceTold[]
  against: EvidenceTold[]
  unclear: EvidenceTold[]
  step: string
}

export interface Diagnosis {
  manager: string
  name: string | null
  period: string
  base: string
  against_target: boolean
  is_nothing: boolean
  expected: number
  actual: number
  gap: number
  parts: { name: string; gap: number; share: number }[]
  causes: CauseTold[]
  made_up: number
  small: number
  unknown: string[]
}
