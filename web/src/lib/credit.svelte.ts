/** The rule that credits sales to managers: one switch for every page, kept in the address. */
import { location } from './router.svelte'
import type { Credit } from './types'

export const CREDITS: Credit[] = ['recorded', 'then', 'now']

class Chosen {
  get rule(): Credit {
    return CREDITS.find((rule) => rule === location.get('credit')) ?? 'recorded'
  }

  /** What is asked of the server; the usual rule needs no word. */
  get asked(): Credit | null {
    return this.rule === 'recorded' ? null : this.rule
  }

  choose(rule: string): void {
    location.set({ credit: rule === 'recorded' ? null : rule, page: null }, false)
  }
}

export const credit = new Chosen()
