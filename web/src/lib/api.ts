/** The one place that speaks HTTP. Every answer comes in the language of the page. */
import { credit } from './credit.svelte'
import { i18n } from './i18n/index.svelte'
import type {
  Assignments,
  ChannelAsked,
  Evaluation,
  Explanation,
  FactPage,
  FileCheck,
  Forecasts,
  Handovers,
  ImportDetail,
  ImportOptions,
  ImportRow,
  Kept,
  KindOfFact,
  KnownName,
  Kpi,
  Line,
  Metrics,
  Miss,
  Outbox,
  Overview,
  Problem,
  Process,
  Promises,
  Pushed,
  Rating,
  RatingAsked,
  Quality,
  Reconciliation,
  Risk,
  Rubric,
  SetAside,
  Source,
  SourceAsked,
  SourceLook,
  SourceTable,
  Status,
  Synced,
  Trends,
  Undo,
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

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': i18n.lang, ...more }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
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
  if (!response.ok) throw new ApiError(response.status, problemOf(response.status, answer))
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
      else reject(new ApiError(call.status, problemOf(call.status, answer)))
    }
    call.send(form)
  })
}

const id = encodeURIComponent

export const api = {
  status: (signal?: AbortSignal) => get<Status>('/api/status', signal),
  kpis: (signal?: AbortSignal) => get<Kpi[]>('/api/kpis', signal),
  overview: (query: Query, signal?: AbortSignal) => ask<Overview>('/api/overview', query, signal),
  evaluation: (query: Query, signal?: AbortSignal) => ask<Evaluation>('/api/evaluation', query, signal),
  metrics: (query: Query, signal?: AbortSignal) => ask<Metrics>('/api/metrics', query, signal),
  explain: (query: Query, signal?: AbortSignal) => ask<Explanation>('/api/explain', query, signal),
  miss: (query: Query, signal?: AbortSignal) => ask<Miss>('/api/explain/miss', query, signal),
  trends: (query: Query, signal?: AbortSignal) => ask<Trends>('/api/trends', query, signal),
  forecast: (query: Query, signal?: AbortSignal) => ask<Forecasts>('/api/forecast', query, signal),
  retention: (query: Query, signal?: AbortSignal) => ask<Kept>('/api/retention', query, signal),
  risk: (query: Query, signal?: AbortSignal) => ask<Risk>('/api/accounts/risk', query, signal),
  lines: (query: Query, signal?: AbortSignal) =>
    ask<{ total: number; rows: Line[] }>('/api/lines', query, signal),
  handovers: (query: Query, signal?: AbortSignal) => get<Handovers>(withQuery('/api/handovers', query), signal),
  process: (query: Query, signal?: AbortSignal) => get<Process>(withQuery('/api/process', query), signal),
  rubric: (query: Query, signal?: AbortSignal) => get<Rubric>(withQuery('/api/rubric', query), signal),
  rate: (rating: RatingAsked) => request<Rating>('POST', '/api/rubric', rating),
  setPromises: (promises: Promises) => request<Promises>('PUT', '/api/process/promises', promises),
  kinds: (signal?: AbortSignal) => get<KindOfFact[]>('/api/facts', signal),
  facts: (kind: string, query: Query, signal?: AbortSignal) =>
    get<FactPage>(withQuery(`/api/facts/${id(kind)}`, query), signal),
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
