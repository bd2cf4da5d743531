/** Real paths through the History API; every filter lives in the query. */

/** Filters that hold on every page: they go along where a link names none. */
const LASTING = ['credit']

/** Whether something typed and not kept would be lost at this address; null is anywhere outside. */
type Hold = (next: URL | null) => boolean

class Location {
  path = $state(window.location.pathname)
  search = $state(window.location.search)
  query = $derived(new URLSearchParams(this.search))
  /** The way on that waits for a word, because something typed would be lost on it. */
  waiting = $state.raw<(() => void) | null>(null)
  #holds = new Set<Hold>()
  /** Which entry of the history this is: how far back or forward went is told by it. */
  #place = placeOf(history.state) ?? 0
  #isLet = false
  #unload = (event: BeforeUnloadEvent) => this.isHeld(null) && event.preventDefault()

  constructor() {
    history.replaceState({ place: this.#place }, '')
    window.addEventListener('popstate', () => this.pop())
    document.addEventListener('click', (event) => this.follow(event))
  }

  /** A filter from the address; empty when it is not there. */
  get(name: string): string {
    return this.query.get(name) ?? ''
  }

  go(href: string, replace = false): void {
    this.unlessHeld(new URL(href, window.location.href), () => this.move(href, replace))
  }

  /** Asks before another page, or another of these filters, while something is typed. The answer takes it back. */
  hold(isTyped: () => boolean, filters: string[] = []): () => void {
    const differs = (next: URL) =>
      next.pathname !== this.path || filters.some((name) => (next.searchParams.get(name) ?? '') !== this.get(name))
    const hold: Hold = (next) => isTyped() && (next === null || differs(next))
    this.#holds.add(hold)
    window.addEventListener('beforeunload', this.#unload)
    return () => {
      this.#holds.delete(hold)
      if (this.#holds.size > 0) return
      window.removeEventListener('beforeunload', this.#unload)
      this.waiting = null
    }
  }

  /** Does it at once, or once it is said that what is typed may be lost; null is anywhere outside. */
  unlessHeld(next: URL | null, on: () => void): void {
    if (this.isHeld(next)) this.waiting = on
    else on()
  }

  /** What is typed may be lost. */
  leave(): void {
    const on = this.waiting
    this.waiting = null
    on?.()
  }

  /** What is typed may not be lost. */
  stay(): void {
    this.waiting = null
  }

  /** Changes some filters of this page and keeps the others. */
  set(changes: Record<string, string | null | undefined>, replace = true): void {
    this.go(this.path + this.changed(changes), replace)
  }

  /** The query of this page with some filters changed. */
  changed(changes: Record<string, string | null | undefined>): string {
    const next = new URLSearchParams(this.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    // What begins the list of a page anew begins the other lists on it anew too.
    if (changes['page'] === null) for (const name of [...next.keys()]) if (name.endsWith('_page')) next.delete(name)
    const text = next.toString()
    return text ? `?${text}` : ''
  }

  private isHeld(next: URL | null): boolean {
    return [...this.#holds].some((hold) => hold(next))
  }

  private move(href: string, replace: boolean): void {
    const before = window.location.pathname
    if (!replace) this.#place += 1
    const state = { place: this.#place }
    if (replace) history.replaceState(state, '', href)
    else history.pushState(state, '', href)
    this.read()
    if (window.location.pathname !== before) window.scrollTo(0, 0)
  }

  /** Back or forward: the browser has gone already, so where it may not it is sent back, and asked. */
  private pop(): void {
    const place = placeOf(history.state) ?? this.#place
    const steps = place - this.#place
    if (steps !== 0 && !this.#isLet && this.isHeld(new URL(window.location.href))) {
      history.go(-steps)
      this.waiting = () => {
        this.#isLet = true
        history.go(steps)
      }
      return
    }
    this.#isLet = false
    this.#place = place
    this.read()
  }

  private read(): void {
    this.path = window.location.pathname
    this.search = window.location.search
  }

  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const anchor = (event.target as Element | null)?.closest?.('a')
    if (!anchor?.href || anchor.target || anchor.hasAttribute('download')) return
    const target = new URL(anchor.href)
    if (target.origin !== window.location.origin || target.pathname.startsWith('/api/')) return
    if (target.pathname === window.location.pathname && target.hash) return
    event.preventDefault()
    for (const name of LASTING) {
      const held = this.get(name)
      if (held && !target.searchParams.has(name)) target.searchParams.set(name, held)
    }
    this.go(target.pathname + target.search)
  }
}

function placeOf(state: unknown): number | null {
  const place = typeof state === 'object' && state !== null && 'place' in state ? state.place : null
  return typeof place === 'number' ? place : null
}

export const location = new Location()
