/** The one place that speaks HTTP. Every answer comes in the language of the page. */
import { credit } from './credit.svelte'
import { i18n } from './i18n/index.svelte'
import { me } from './person.svelte'
import type { Opportunities } from '../routes/opportunities/types'
import type { ActionChange, ActionForm, ActionRow, ActionShown, EffectShown, Ledger, NewAction, PlannedAction } from '../routes/actions/types'
import type { Alert, Contact, Report, ReportAsked, Rule, Rules, RuleTrial } from '../routes/alerts/types'
import type { Products } from '../routes/products/types'
import type { Hours, Profit, Rates, WhatIf } from '../routes/profit/types'
import type { Stock } from '../routes/stock/types'
import type { OneAccount, Satisfaction } from '../routes/satisfaction/types'
import type { Cycle, CycleAsked, Differs, EvaluationTold, History, Reproduced } from '../routes/evaluations/types'
import type {
  AccountsPlane,
  Assignments,
  Audit,
  ChannelAsked,
  Decided,
  Diagnosis,
  Evaluation,
  Explanation,
  FactPage,
  FactTable,
  Fair,
  FileCheck,
  Forecasts,
  Handovers,
  Held,
  ImportDetail,
  ImportOptions,
  ImportRow,
  Kept,
  KindOfFact,
  KnownName,
  Kpi,
  KpiDefinition,
  KpiTrial,
  KpiVersion,
  Line,
  Metrics,
  Miss,
  NewToken,
  NewUser,
  Outbox,
  Overview,
  Packs,
  PackUsed,
  Problem,
  Process,
  Promises,
  Pushed,
  Quality,
  Rating,
  RatingAsked,
  Reconciliation,
  Risk,
  Rubric,
  Scorecards,
  SetAside,
  Source,
  SourceAsked,
  SourceLook,
  SourceTable,
  Status,
  SuggestedTargets,
  Synced,
  TargetDraft,
  TargetGrid,
  TargetScope,
  Token,
  Trends,
  Undo,
  User,
  UserChange,
  Users,
  Weights,
  WeightsAnswer,
  Who,
} from './types'

export type Query = Record<string, string | number | null | undefined>

export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/** A path with its query; empty values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parts.set(name, String(value))
  }
  const text = parts.toString()
  return text ? `${path}?${text}` : path
}

function problemOf(status: number, body: unknown): Problem {
  const error = (body as { error?: Problem } | null)?.error
  if (error?.message) return error
  return { code: `http_${status}`, message: i18n.t.errors.unexpected(status), next: i18n.t.errors.tryAgain }
}

function unreachable(): ApiError {
  return new ApiError(0, { code: 'offline', message: i18n.t.errors.offline, next: i18n.t.errors.offlineNext })
}

/** What a refusal says; one that tells that nobody is in ends the session here too. */
function refusal(status: number, answer: unknown): ApiError {
  const problem = problemOf(status, answer)
  if (status === 401) me.lost()
  return new ApiError(status, problem)
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': i18n.lang, ...more }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && me.who?.guard) headers['X-Takar-Guard'] = me.who.guard
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw unreachable()
  }
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusal(response.status, answer)
  return answer as T
}

const get = <T>(path: string, signal?: AbortSignal) => request<T>('GET', path, undefined, signal)
/** A question about figures, which follow the chosen rule of credit. */
const ask = <T>(path: string, query: Query, signal?: AbortSignal) =>
  get<T>(withQuery(path, { ...query, credit: credit.asked }), signal)

/** Sends a file and tells how much of it has left: `fetch` cannot. */
function upload(path: string, form: FormData, progress: (share: number) => void): Promise<FileCheck> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', path)
    call.setRequestHeader('Accept-Language', i18n.lang)
    if (me.who?.guard) call.setRequestHeader('X-Takar-Guard', me.who.guard)
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    }
    call.onerror = () => reject(unreachable())
    call.onload = () => {
      let answer: unknown = null
      try {
        answer = JSON.parse(call.responseText)
      } catch {
        // Not JSON: the status says enough.
      }
      if (call.status >= 200 && call.status < 300 && answer) resolve(answer as FileCheck)
      else reject(refusal(call.status, answer))
    }
    call.send(form)
  })
}

const id = encodeURIComponent

export const api = {
  who: () => get<Who>('/api/session'),
  logIn: (login: string, password: string) => request<Who>('POST', '/api/session', { login, password }),
  logOut: () => request<null>('DELETE', '/api/session'),
  users: (signal?: AbortSignal) => get<Users>('/api/users', signal),
  addUser: (user: NewUser) => request<User>('POST', '/api/users', user),
  changeUser: (login: string, change: UserChange) => request<User>('PATCH', `/api/users/${id(login)}`, change),
  changePassword: (old: string, fresh: string) => request<null>('POST', '/api/password', { old, new: fresh }),
  tokens: (signal?: AbortSignal) => get<Token[]>('/api/tokens', signal),
  makeToken: (label: string, days: number | null) => request<NewToken>('POST', '/api/tokens', { label, days }),
  removeToken: (token: number) => request<null>('DELETE', `/api/tokens/${token}`),
  audit: (query: Query, signal?: AbortSignal) => get<Audit>(withQuery('/api/audit', query), signal),
  status: (signal?: AbortSignal) => get<Status>('/api/status', signal),
  kpis: (signal?: AbortSignal) => get<Kpi[]>('/api/kpis', signal),
  kpiFacts: (signal?: AbortSignal) => get<FactTable[]>('/api/kpis/facts', signal),
  kpiHistory: (kpi: string, signal?: AbortSignal) => get<KpiVersion[]>(`/api/kpis/${id(kpi)}/history`, signal),
  tryKpi: (definition: KpiDefinition, signal?: AbortSignal) =>
    request<KpiTrial>('POST', withQuery('/api/kpis/try', { credit: credit.asked }), definition, signal),
  saveKpi: (definition: KpiDefinition) =>
    request<Kpi>('POST', withQuery('/api/kpis', { credit: credit.asked }), definition),
  removeKpi: (kpi: string) => request<object>('DELETE', `/api/kpis/${id(kpi)}`),
  packs: (signal?: AbortSignal) => get<Packs>('/api/packs', signal),
  usePack: (pack: string) => request<PackUsed>('POST', `/api/packs/${id(pack)}/use`),
  overview: (query: Query, signal?: AbortSignal) => ask<Overview>('/api/overview', query, signal),
  evaluation: (query: Query, signal?: AbortSignal) => ask<Evaluation>('/api/evaluation', query, signal),
  metrics: (query: Query, signal?: AbortSignal) => ask<Metrics>('/api/metrics', query, signal),
  diagnose: (query: Query, signal?: AbortSignal) => ask<Diagnosis>('/api/diagnose', query, signal),
  scorecard: (query: Query, signal?: AbortSignal) => ask<Scorecards>('/api/scorecard', query, signal),
  accountsPlane: (query: Query, signal?: AbortSignal) => ask<AccountsPlane>('/api/accounts/plane', query, signal),
  weights: (signal?: AbortSignal) => get<WeightsAnswer>('/api/scorecard/weights', signal),
  /** The cards that other weights would make; nothing is kept. */
  tryWeights: (weights: Weights, query: Query, signal?: AbortSignal) =>
    request<Scorecards>('POST', withQuery('/api/scorecard/weights/try', { ...query, credit: credit.asked }), weights, signal),
  setWeights: (weights: Weights) => request<object>('PUT', '/api/scorecard/weights', weights),
  products: (query: Query, signal?: AbortSignal) => ask<Products>('/api/products', query, signal),
  stock: (query: Query, signal?: AbortSignal) => get<Stock>(withQuery('/api/stock', query), signal),
  satisfaction: (query: Query, signal?: AbortSignal) => ask<Satisfaction>('/api/satisfaction', query, signal),
  satisfactionOf: (query: Query, signal?: AbortSignal) => ask<OneAccount>('/api/satisfaction/account', query, signal),
  profit: (query: Query, signal?: AbortSignal) => ask<Profit>('/api/profit', query, signal),
  profitWhatIf: (query: Query, signal?: AbortSignal) => ask<WhatIf>('/api/profit/what-if', query, signal),
  profitHours: (query: Query, signal?: AbortSignal) => ask<Hours>('/api/profit/hours', query, signal),
  setRates: (rates: Rates) => request<Rates>('PUT', '/api/profit/rates', rates),
  fair: (query: Query, signal?: AbortSignal) => ask<Fair>('/api/fair', query, signal),
  explain: (query: Query, signal?: AbortSignal) => ask<Explanation>('/api/explain', query, signal),
  miss: (query: Query, signal?: AbortSignal) => ask<Miss>('/api/explain/miss', query, signal),
  trends: (query: Query, signal?: AbortSignal) => ask<Trends>('/api/trends', query, signal),
  forecast: (query: Query, signal?: AbortSignal) => ask<Forecasts>('/api/forecast', query, signal),
  retention: (query: Query, signal?: AbortSignal) => ask<Kept>('/api/retention', query, signal),
  risk: (query: Query, signal?: AbortSignal) => ask<Risk>('/api/accounts/risk', query, signal),
  opportunities: (query: Query, signal?: AbortSignal) => ask<Opportunities>('/api/opportunities', query, signal),
  dismissOpportunity: (asked: { key: string; reason: string; note: string | null }) =>
    request<object>('POST', withQuery('/api/opportunities/dismiss', { credit: credit.asked }), asked),
  restoreOpportunity: (key: string) => request<object>('POST', '/api/opportunities/restore', { key }),
  lines: (query: Query, signal?: AbortSignal) =>
    ask<{ total: number; rows: Line[] }>('/api/lines', query, signal),
  handovers: (query: Query, signal?: AbortSignal) => get<Handovers>(withQuery('/api/handovers', query), signal),
  decisions: (query: Query, signal?: AbortSignal) => get<Decided[]>(withQuery('/api/decisions', query), signal),
  held: (signal?: AbortSignal) => get<Held>('/api/dossier', signal),
  process: (query: Query, signal?: AbortSignal) => get<Process>(withQuery('/api/process', query), signal),
  rubric: (query: Query, signal?: AbortSignal) => get<Rubric>(withQuery('/api/rubric', query), signal),
  rate: (rating: RatingAsked) => request<Rating>('POST', '/api/rubric', rating),
  setPromises: (promises: Promises) => request<Promises>('PUT', '/api/process/promises', promises),
  kinds: (signal?: AbortSignal) => get<KindOfFact[]>('/api/facts', signal),
  facts: (kind: string, query: Query, signal?: AbortSignal) =>
    get<FactPage>(withQuery(`/api/facts/${id(kind)}`, query), signal),
  suggestTargets: (query: Query, signal?: AbortSignal) => ask<SuggestedTargets>('/api/targets/suggest', query, signal),
  /** Members by months with what is typed; nothing is kept. */
  targetGrid: (asked: TargetScope & { period: string; typed: { id: string | null; period: string; text: string }[] }, signal?: AbortSignal) =>
    request<TargetGrid>('POST', withQuery('/api/targets/grid', { credit: credit.asked }), asked, signal),
  setTargets: (
    asked: TargetScope & {
      targets: { id: string | null; period: string; value: string }[]
      reason: string
      confirm: string | null
      by: string | null
    },
  ) => request<{ drafts: TargetDraft[] }>('POST', withQuery('/api/targets/drafts', { credit: credit.asked }), asked),
  targetDrafts: (query: Query, signal?: AbortSignal) => get<TargetDraft[]>(withQuery('/api/targets/drafts', query), signal),
  decideTargets: (what: 'approve' | 'reject', ids: number[], reason: string, by: string | null) =>
    request<TargetDraft[]>('POST', `/api/targets/${what}`, { ids, reason, by }),
  /** Closes the gap to what is handed down by drafts. */
  closeGap: (asked: TargetScope & { period: string; accept: string; lines: string[]; reason: string; confirm: string | null; by: string | null }) =>
    request<{ closed: { drafts: TargetDraft[] } }>('POST', withQuery('/api/targets/reconcile', { credit: credit.asked }), asked),
  quality: (signal?: AbortSignal) => get<Quality>('/api/quality', signal),
  names: (query: Query, signal?: AbortSignal) => get<KnownName[]>(withQuery('/api/names', query), signal),
  /** All of the rows, or none. */
  push: (kind: string, rows: Record<string, string>[], key: string, source?: string) => {
    // Discount and cost as they are listed: amounts of the whole line.
    const query = { all_or_none: 'true', discount: 'amount', cost: 'line', source }
    return request<Pushed>('POST', withQuery(`/api/facts/${id(kind)}`, query), rows, undefined, { 'Idempotency-Key': key })
  },
  imports: (signal?: AbortSignal) => get<ImportRow[]>('/api/imports', signal),
  setAside: (importId: string, signal?: AbortSignal) =>
    get<SetAside>(`/api/imports/${id(importId)}/set-aside`, signal),
  repair: (importId: string, rows: { row: number; cells: string[] }[]) =>
    request<ImportRow>('POST', `/api/imports/${id(importId)}/set-aside`, { rows }),
  importOf: (importId: string, signal?: AbortSignal) => get<ImportDetail>(`/api/imports/${id(importId)}`, signal),
  wouldUndo: (importId: number | string) => get<Undo>(`/api/imports/${id(importId)}/undo`),
  undo: (importId: number | string) => request<Undo>('POST', `/api/imports/${id(importId)}/undo`),
  redo: (importId: number | string) => request<ImportRow>('POST', `/api/imports/${id(importId)}/redo`),
  check: (file: File, options: ImportOptions, progress: (share: number) => void) => {
    const form = new FormData()
    // The options come first, so that the server knows them before the file streams in.
    form.set('options', JSON.stringify(options))
    form.set('file', file)
    return upload('/api/imports/check', form, progress)
  },
  recheck: (token: string, options: ImportOptions) =>
    request<FileCheck>('POST', `/api/imports/check/${id(token)}`, options),
  profiles: (signal?: AbortSignal) => get<string[]>('/api/profiles', signal),
  saveProfile: (name: string, upload: string, options: ImportOptions) =>
    request<string[]>('POST', '/api/profiles', { name, upload, options }),
  commit: (token: string, options: ImportOptions) =>
    request<ImportRow>('POST', `/api/imports/${id(token)}/commit`, options),
  sources: (signal?: AbortSignal) => get<Source[]>('/api/sources', signal),
  sourceTables: (asked: SourceAsked) => request<SourceTable[]>('POST', '/api/sources/tables', asked),
  sourceLook: (asked: SourceAsked) => request<SourceLook>('POST', '/api/sources/look', asked),
  addSource: (asked: SourceAsked) => request<Source>('POST', '/api/sources', asked),
  removeSource: (name: string) => request<object>('DELETE', `/api/sources/${id(name)}`),
  sync: (name: string, going: { whole?: boolean; password?: string }) =>
    request<Synced>('POST', `/api/sources/${id(name)}/sync`, going),
  reconcile: (name: string, going: { apply?: boolean; password?: string }) =>
    request<Reconciliation>('POST', `/api/sources/${id(name)}/reconcile`, going),
  schedule: (name: string, schedule: string | null) =>
    request<Source>('PUT', `/api/sources/${id(name)}/schedule`, { schedule }),
  outbox: (signal?: AbortSignal) => get<Outbox>('/api/outbox', signal),
  addChannel: (asked: ChannelAsked) => request<Outbox>('POST', '/api/outbox/channels', asked),
  removeChannel: (name: string) => request<Outbox>('DELETE', `/api/outbox/channels/${id(name)}`),
  testChannel: (name: string) => request<Outbox>('POST', `/api/outbox/channels/${id(name)}/test`),
  retryMessage: (message: string) => request<Outbox>('POST', `/api/outbox/${id(message)}/retry`),
  alerts: (query: Query, signal?: AbortSignal) => get<Alert[]>(withQuery('/api/alerts', query), signal),
  alert: (alert: string, signal?: AbortSignal) => get<Alert>(`/api/alerts/${id(alert)}`, signal),
  /** What is done about an alert: `acknowledge`, `snooze`, `action` or `close`. */
  stepAlert: (alert: number, step: string, body: object) => request<Alert>('POST', `/api/alerts/${alert}/${step}`, body),
  alertRules: (signal?: AbortSignal) => get<Rules>('/api/alerts/rules', signal),
  addAlertRule: (rule: Rule) => request<{ id: number }>('POST', '/api/alerts/rules', rule),
  tryAlertRule: (rule: Rule) => request<RuleTrial>('POST', '/api/alerts/rules/try', rule),
  removeAlertRule: (rule: number) => request<object>('DELETE', `/api/alerts/rules/${rule}`),
  checkAlerts: () => request<{ raised: number; passed: number }>('POST', '/api/alerts/check'),
  reports: (signal?: AbortSignal) => get<Report[]>('/api/reports', signal),
  addReport: (asked: ReportAsked) => request<Report>('POST', '/api/reports', asked),
  removeReport: (report: number) => request<object>('DELETE', `/api/reports/${report}`),
  runReport: (report: number) => request<Report>('POST', `/api/reports/${report}/run`),
  contact: (signal?: AbortSignal) => get<Contact>('/api/contact', signal),
  setContact: (asked: Partial<Contact>) => request<Contact>('PUT', '/api/contact', asked),
  cycles: (signal?: AbortSignal) => get<Cycle[]>('/api/cycles', signal),
  cycle: (cycle: string, signal?: AbortSignal) => get<Cycle>(`/api/cycles/${id(cycle)}`, signal),
  openCycle: (asked: CycleAsked) => request<Cycle>('POST', withQuery('/api/cycles', { credit: credit.asked }), asked),
  closeCycle: (cycle: number, reason: string | null) => request<Cycle>('POST', `/api/cycles/${cycle}/close`, { reason }),
  remind: (cycle: number) => request<{ is_told: boolean }[]>('POST', `/api/cycles/${cycle}/remind`),
  evaluations: (query: Query, signal?: AbortSignal) => get<History[]>(withQuery('/api/evaluations', query), signal),
  evaluationOf: (evaluation: string, query: Query, signal?: AbortSignal) =>
    get<EvaluationTold>(withQuery(`/api/evaluations/${id(evaluation)}`, query), signal),
  /** What is said in an evaluation: `assessment`, `talks`, `signatures`, `comments`, `disputes` or `figures`. */
  say: (evaluation: number, what: string, body: object) =>
    request<EvaluationTold>(what === 'assessment' ? 'PUT' : 'POST', `/api/evaluations/${evaluation}/${what}`, body),
  decideDispute: (dispute: number, body: object) => request<EvaluationTold>('POST', `/api/disputes/${dispute}/decision`, body),
  differs: (evaluation: number, version: number) => get<Differs>(`/api/evaluations/${evaluation}/differs?version=${version}`),
  reproduced: (evaluation: number, version: number) => get<Reproduced>(`/api/evaluations/${evaluation}/reproduced?version=${version}`),
  actions: (query: Query, signal?: AbortSignal) => get<ActionRow[]>(withQuery('/api/actions', query), signal),
  actionForm: (signal?: AbortSignal) => get<ActionForm>('/api/actions/form', signal),
  action: (action: string, signal?: AbortSignal) => get<ActionShown>(`/api/actions/${id(action)}`, signal),
  planAction: (wanted: NewAction) => request<PlannedAction>('POST', '/api/actions/plan', wanted),
  addAction: (wanted: NewAction) => request<ActionShown>('POST', '/api/actions', wanted),
  /** What is given as empty text is taken away. */
  editAction: (action: string, change: ActionChange) => request<ActionShown>('PATCH', `/api/actions/${id(action)}`, change),
  /** `start`, `start_later`, `review`, `change`, `step`, `undo_step`, `done` or `cancel`. */
  sayOfAction: (action: string, said: object) => request<ActionShown>('POST', `/api/actions/${id(action)}/events`, said),
  effect: (action: string, query: Query, signal?: AbortSignal) =>
    get<EffectShown>(withQuery(`/api/actions/${id(action)}/effect`, query), signal),
  learning: (query: Query, signal?: AbortSignal) => get<Ledger>(withQuery('/api/learning', query), signal),
  assignments: (query: Query, signal?: AbortSignal) => get<Assignments>(withQuery('/api/assignments', query), signal),
  assign: (assignments: { account: string; manager: string }[]) =>
    request<{ changed: number }>('PUT', '/api/assignments', { assignments }),
}

/** A text value inside a `where` expression. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** Downloads are plain links, which cannot carry a header: the language goes into the query, as does the rule of credit. */
export function download(path: string, query: Query = {}): string {
  return withQuery(path, { ...query, credit: credit.asked, lang: i18n.lang })
}
