import { ApiError } from './api'
import { i18n } from './i18n/index.svelte'

/** Counts the changes made to the data from this page, so that everything shown is asked for again. */
class Changes {
  count = $state(0)
  announce(): void {
    this.count += 1
  }
}
export const changes = new Changes()

/** One answer of the server that follows the filters, the language and the data. Make it inside a component. */
export class Resource<T> {
  data = $state.raw<T | null>(null)
  error = $state.raw<ApiError | null>(null)
  loading = $state(true)
  #again = $state(0)

  /** `ask` reads the filters it depends on before its first `await`; null means there is nothing to ask yet. */
  constructor(ask: (signal: AbortSignal) => Promise<T> | null) {
    $effect(() => {
      void i18n.lang
      void changes.count
      void this.#again
      const abort = new AbortController()
      const answer = ask(abort.signal)
      if (answer) void this.take(answer, abort.signal)
      else this.loading = false
      return () => abort.abort()
    })
  }

  retry(): void {
    this.#again += 1
  }

  private async take(answer: Promise<T>, signal: AbortSignal): Promise<void> {
    this.loading = true
    try {
      const data = await answer
      if (signal.aborted) return
      this.data = data
      this.error = null
    } catch (cause) {
      if (signal.aborted) return
      this.error = asApiError(cause)
      this.data = null
    }
    this.loading = false
  }
}

export function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause
  return new ApiError(0, { code: 'page', message: cause instanceof Error ? cause.message : String(cause) })
}
