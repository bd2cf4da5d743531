import type { Lang } from '../../lib/format'
import { readNumber } from '../../lib/numbers'

/** The cost that a text means: empty where nothing is written, null where it is no amount in this language. */
export function costOf(text: string, lang: Lang): string | null {
  if (text.trim() === '') return ''
  const read = readNumber(text, lang)
  return read === null || read.startsWith('-') ? null : read
}
