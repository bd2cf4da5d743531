/** Numbers as people write them, and as programs do: `1.500.000,5` in Indonesian, `1,500,000.5` in English, `1500000.5` for both. */
import type { Lang } from './format'

const MARKS: Record<Lang, { group: string; decimal: string }> = {
  id: { group: '.', decimal: ',' },
  en: { group: ',', decimal: '.' },
}

/** The number that a text means, with a decimal point; null where it is none in this language. Nothing is guessed. */
export function readNumber(text: string, lang: Lang): string | null {
  const { group, decimal } = MARKS[lang]
  const parts = new RegExp(`^(-?)(\\d{1,3}(?:\\${group}\\d{3})+|\\d+)(?:\\${decimal}(\\d+))?$`).exec(text.replaceAll(/\s/g, ''))
  if (!parts) return null
  const [, sign = '', whole = '', rest] = parts
  return `${sign}${whole.replaceAll(group, '')}${rest === undefined ? '' : `.${rest}`}`
}

/** A number as people of this language write it; its digits stay as they are. */
export function writeNumber(value: string | number, lang: Lang): string {
  // What JavaScript writes with an exponent has at most the twelve decimals of a currency rate.
  const plain = typeof value === 'number' && String(value).includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : String(value)
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain)
  if (!parts) return plain
  const { group, decimal } = MARKS[lang]
  const [, sign = '', whole = '', rest] = parts
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, group)}${rest === undefined ? '' : `${decimal}${rest}`}`
}
