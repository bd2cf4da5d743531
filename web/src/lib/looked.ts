import type { Formatter } from './format'
import type { Dictionary } from './i18n/id'

/** Parts of addresses that are called otherwise than the page that asks for them. */
const PAGES: Record<string, string> = { evaluation: 'overview', evaluations: 'cycles', metrics: 'overview', sync: 'sources' }

/** Members that an address may name. */
const MEMBERS = ['manager', 'account', 'product', 'category', 'region', 'segment', 'branch'] as const

/** What was looked at in the words of the pages, `Kartu skor · Manajer akun S1 · Oktober 2025`; the address where no page is known. */
export function lookedAt(address: string, t: Dictionary, format: Formatter): string {
  const [path = '', query = ''] = address.split('?', 2)
  const [first = '', ...rest] = path.replace(/^\/api\//, '').split('/')
  const page = (t.nav as Record<string, unknown>)[PAGES[first] ?? first]
  if (typeof page !== 'string') return address
  const asked = new URLSearchParams(query)
  const number = rest.find((part) => /^\d+$/.test(part))
  const members = MEMBERS.flatMap((member) => asked.getAll(member).map((id) => `${t.columns[member]} ${id}`))
  const period = asked.get('period')
  return [number ? `${page} ${number}` : page, ...members, ...(period ? [format.period(period)] : [])].join(' · ')
}
