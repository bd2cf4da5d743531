/** The page's formatter: it follows the language and the currency of the data. */
import { getContext, setContext } from 'svelte'
import type { Formatter } from './format'

const KEY = Symbol('format')

export const provideFormat = (current: () => Formatter): void => void setContext(KEY, current)
export const useFormat = (): (() => Formatter) => getContext<() => Formatter>(KEY)
