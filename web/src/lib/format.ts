/** Numbers and dates as the locale writes them. Formatting only: no figure is computed here. */
import type { Dictionary } from './i18n/id'
import type { Unit } from './types'

export type Lang = 'id' | 'en'

const LOCALE: Record<Lang, string> = { id: 'id-ID', en: 'en-GB' }

const cache = new Map<string, Intl.NumberFormat>()

function numberFormat(lang: Lang, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options)
  let made = cache.get(key)
  if (!made) {
    made = new Intl.NumberFormat(LOCALE[lang], options)
    cache.set(key, made)
  }
  return made
}

const dateCache = new Map<string, Intl.DateTimeFormat>()

function dateFormat(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + JSON.stringify(options)
  let made = dateCache.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(LOCALE[lang], options)
    dateCache.set(key, made)
  }
  return made
}

export class Formatter {
  readonly lang: Lang
  readonly words: Dictionary
  readonly currency: string | null

  constructor(lang: Lang, words: Dictionary, currency: string | null) {
    this.lang = lang
    this.words = words
    this.currency = currency
  }

  private currencyOptions(): Intl.NumberFormatOptions {
    if (!this.currency || !/^[A-Z]{3}$/.test(this.currency)) return {}
    return { style: 'currency', currency: this.currency, currencyDisplay: 'narrowSymbol' }
  }

  /** Rupiah are shown whole, other currencies with their cents. `exact` shows what the row itself says. */
  money(value: number | null | undefined, exact = false): string {
    if (value === null || value === undefined) return this.words.common.none
    const whole = this.currency === 'IDR' || Number.isInteger(value)
    const digits: Intl.NumberFormatOptions =
      whole && (!exact || Number.isInteger(value))
        ? { minimumFractionDigits: 0, maximumFractionDigits: 0 }
        : { minimumFractionDigits: 2, maximumFractionDigits: exact ? 4 : 2 }
    return numberFormat(this.lang, { ...this.currencyOptions(), ...digits }).format(value)
  }

  /** `Rp 1,2 M`: for axes and narrow places, with the full figure beside it. */
  shortMoney(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    return numberFormat(this.lang, {
      ...this.currencyOptions(),
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    }).format(value)
  }

  quantity(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    return numberFormat(this.lang, { maximumFractionDigits: 2 }).format(value)
  }

  count(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    return numberFormat(this.lang, { maximumFractionDigits: 0 }).format(value)
  }

  rate(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    return numberFormat(this.lang, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
  }

  /** A share without decimals, for narrow cells. */
  percent(value: number): string {
    return numberFormat(this.lang, { style: 'percent', maximumFractionDigits: 0 }).format(value)
  }

  /** A plain number with so many decimals, for chances and correlations. */
  decimal(value: number, places = 3): string {
    return numberFormat(this.lang, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value)
  }

  /** The name of a month of the year, 1 to 12. */
  monthOfYear(number: number): string {
    return dateFormat(this.lang, { month: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, number - 1, 1)))
  }

  /** A change, always with its sign. */
  growth(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    return numberFormat(this.lang, {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    }).format(value)
  }

  /** A change in money, always with its sign. */
  change(value: number | null | undefined): string {
    if (value === null || value === undefined) return this.words.common.none
    const digits = this.currency === 'IDR' ? 0 : 2
    return numberFormat(this.lang, {
      ...this.currencyOptions(),
      minimumFractionDigits: 0,
      maximumFractionDigits: digits,
      signDisplay: 'exceptZero',
    }).format(value)
  }

  value(unit: Unit | undefined, value: number | null | undefined): string {
    switch (unit) {
      case 'money':
        return this.money(value)
      case 'rate':
        return this.rate(value)
      case 'count':
        return this.count(value)
      default:
        return this.quantity(value)
    }
  }

  day(day: string | null | undefined): string {
    const date = parseDay(day)
    if (!date) return this.words.common.none
    return dateFormat(this.lang, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(date)
  }

  month(month: string, style: 'short' | 'long' = 'short'): string {
    const date = parseDay(`${month}-01`)
    if (!date) return month
    return dateFormat(this.lang, { month: style, year: 'numeric', timeZone: 'UTC' }).format(date)
  }

  /** A moment of an import, in the reader's own time. */
  moment(text: string): string {
    const date = new Date(text)
    if (Number.isNaN(date.getTime())) return text
    return dateFormat(this.lang, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    }).format(date)
  }

  period(period: string | null | undefined): string {
    if (!period) return this.words.common.none
    const [start, end] = period.split('..')
    if (start && end) return `${this.period(start)} – ${this.period(end)}`
    const quarter = /^(\d{4})-Q([1-4])$/.exec(period)
    if (quarter) return this.words.period.quarterName(quarter[2] ?? '', quarter[1] ?? '')
    if (/^\d{4}-\d{2}-\d{2}$/.test(period)) return this.day(period)
    if (/^\d{4}-\d{2}$/.test(period)) return this.month(period, 'long')
    return period
  }
}

function parseDay(day: string | null | undefined): Date | null {
  if (!day) return null
  const date = new Date(`${day.slice(0, 10)}T00:00:00Z`)
  return Number.isNaN(date.getTime()) ? null : date
}
