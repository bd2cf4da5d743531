import type { Lang } from '../format'
import { remember, remembered } from '../stored'
import { en } from './en'
import { id, type Dictionary } from './id'

const dictionaries: Record<Lang, Dictionary> = { id, en }

/** Indonesian unless the browser asks for another language first. */
function preferred(): Lang {
  const kept = remembered('lang')
  if (kept === 'id' || kept === 'en') return kept
  const first = navigator.languages[0] ?? navigator.language
  return /^(id|ms|jv|su)\b/i.test(first) || !first ? 'id' : 'en'
}

class I18n {
  lang = $state<Lang>(preferred())
  t = $derived(dictionaries[this.lang])

  constructor() {
    document.documentElement.lang = this.lang
  }

  choose(lang: Lang): void {
    this.lang = lang
    document.documentElement.lang = lang
    remember('lang', lang)
  }
}

export const i18n = new I18n()
