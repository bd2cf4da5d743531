/** Real paths through the History API; every filter lives in the query. */

/** Filters that hold on every page: they go along where a link names none. */
const LASTING = ['credit']

class Location {
  path = $state(window.location.pathname)
  search = $state(window.location.search)
  query = $derived(new URLSearchParams(this.search))

  constructor() {
    window.addEventListener('popstate', () => this.read())
    document.addEventListener('click', (event) => this.follow(event))
  }

  /** A filter from the address; empty when it is not there. */
  get(name: string): string {
    return this.query.get(name) ?? ''
  }

  go(href: string, replace = false): void {
    const before = window.location.pathname
    if (replace) history.replaceState(null, '', href)
    else history.pushState(null, '', href)
    this.read()
    if (window.location.pathname !== before) window.scrollTo(0, 0)
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
    const text = next.toString()
    return text ? `?${text}` : ''
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

export const location = new Location()
