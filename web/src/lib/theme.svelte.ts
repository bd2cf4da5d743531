import { remember, remembered } from './stored'

export type ThemeChoice = 'auto' | 'light' | 'dark'

const system = window.matchMedia('(prefers-color-scheme: dark)')

class Theme {
  choice = $state<ThemeChoice>('auto')
  #systemIsDark = $state(system.matches)
  shown = $derived<'light' | 'dark'>(
    this.choice === 'auto' ? (this.#systemIsDark ? 'dark' : 'light') : this.choice,
  )

  constructor() {
    const kept = remembered('theme')
    if (kept === 'light' || kept === 'dark') this.choice = kept
    this.apply()
    system.addEventListener('change', (event) => {
      this.#systemIsDark = event.matches
      this.apply()
    })
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice
    remember('theme', choice)
    this.apply()
  }

  // The attribute is set before anything reacts, so that charts read the new colours.
  private apply(): void {
    document.documentElement.dataset['theme'] = this.shown
  }
}

export const theme = new Theme()
