import type { Lang } from '../../lib/format'
import { readNumber, writeNumber } from '../../lib/numbers'
import type { FactRow, FieldOfForm, FormOfKind } from '../../lib/types'

type Texts = Record<string, string>

/** One of the rows of a form. */
export interface Part {
  values: Texts
  /** All that the row has that is corrected, so that what the form does not ask stays; null for a new row. */
  kept: Texts | null
  /** A numbered line of an invoice cannot go without leaving its place: it stays there as nothing. */
  isEmptied: boolean
}

/** What stands in a form. */
export interface Filled {
  /** The stream of the row that is corrected. */
  source: string | undefined
  once: Texts
  /** What was said once before anything was typed. */
  start: Texts
  many: Part[]
}

/** Where a row came from: not what it says. */
const PLACE = new Set(['source', 'import_id', 'file', 'sheet', 'row', 'repair_of', 'extra'])
const NUMBERED = 'line_no'

export const isNumber = (field: FieldOfForm) => ['money', 'number', 'share'].includes(field.holds)

export const newPart = (): Part => ({ values: {}, kept: null, isEmptied: false })

export const blank = (): Filled => ({ source: undefined, once: {}, start: {}, many: [newPart()] })

/** Where a field of a form stands: in what is said once, or in one of the rows. */
export const placeOf = (name: string, part: number | null) => (part === null ? name : `${part}/${name}`)

/** The fields of which the text is no number, or that are needed and blank, by their place. */
export function faults(form: FormOfKind, filled: Filled, lang: Lang, say: { needed: string; noNumber: string }): Texts {
  const found: Texts = {}
  const look = (fields: FieldOfForm[], values: Texts, part: number | null) => {
    for (const field of fields) {
      const text = (values[field.name] ?? '').trim()
      if (text === '' && field.needed) found[placeOf(field.name, part)] = say.needed
      else if (text !== '' && isNumber(field) && readNumber(text, lang) === null) found[placeOf(field.name, part)] = say.noNumber
    }
  }
  look(form.once, filled.once, null)
  filled.many.forEach((part, place) => {
    if (!part.isEmptied) look(form.many, part.values, place)
  })
  return found
}

/** The rows that a form stands for. Fields left blank are sent too, so that what is missing is told of the row. */
export function pushed(form: FormOfKind, filled: Filled, lang: Lang): Texts[] {
  const fields = [...form.once, ...form.many]
  const numbers = filled.many.flatMap((part) => (part.kept?.[NUMBERED] ? [Number(part.kept[NUMBERED])] : []))
  let next = Math.max(0, ...numbers.filter(Number.isInteger))
  return filled.many.map((part) => {
    const row: Texts = { ...part.kept }
    for (const field of form.once) {
      // Rows of one form may differ in what was not touched, such as the last days of owners.
      if (part.kept && filled.once[field.name] === filled.start[field.name]) continue
      put(row, field, filled.once[field.name] ?? '', lang)
    }
    for (const field of form.many) put(row, field, part.values[field.name] ?? '', lang)
    if (part.isEmptied) Object.assign(row, { quantity: '0', net_amount: '0', discount: '', cost: '' })
    else if (numbers.length > 0 && !part.kept) row[NUMBERED] = String(++next)
    // The name that was kept beside an id belongs to that id.
    for (const { name } of fields.filter((field) => field.name.endsWith('_id'))) {
      const label = name.replace(/_id$/, '_name')
      if (part.kept && row[name] !== part.kept[name] && !fields.some((field) => field.name === label)) delete row[label]
    }
    return row
  })
}

function put(row: Texts, field: FieldOfForm, typed: string, lang: Lang): void {
  const text = typed.trim()
  const read = isNumber(field) ? (readNumber(text, lang) ?? text) : text
  row[field.name] = field.holds === 'share' && read !== '' ? `${read}%` : read
}

/** Whether a row can be corrected: it has what makes it the same row. */
export function canCorrect(form: FormOfKind, row: FactRow): boolean {
  const first = form.key[0]
  return first !== undefined && written(first, row) !== ''
}

/** The rows that are one in a form: those with the same key. */
export function together(form: FormOfKind, row: FactRow, rows: FactRow[]): FactRow[] {
  if (form.many.length === 0) return [row]
  const isSame = (other: FactRow) => other['source'] === row['source'] && form.key.every((name) => written(name, other) === written(name, row))
  return rows.filter(isSame)
}

/** A form filled with rows that are there. */
export function filledWith(form: FormOfKind, row: FactRow, rows: FactRow[], lang: Lang): Filled {
  const values = (fields: FieldOfForm[], of: FactRow) =>
    Object.fromEntries(fields.map((field) => [field.name, shown(field, of, lang)]))
  const source = row['source']
  const once = values(form.once, row)
  return {
    source: source === null || source === undefined ? undefined : String(source),
    once,
    start: { ...once },
    many: together(form, row, rows).map((one) => ({ values: values(form.many, one), kept: keptOf(form, one), isEmptied: false })),
  }
}

/** Numbers that were typed in one language, as they are written in another. */
export function rewritten(form: FormOfKind, filled: Filled, from: Lang, to: Lang): Filled {
  const turn = (fields: FieldOfForm[], values: Texts): Texts => {
    const numbers = fields.filter(isNumber).flatMap(({ name }) => {
      const read = readNumber(values[name] ?? '', from)
      return read === null ? [] : [[name, writeNumber(read, to)]]
    })
    return { ...values, ...Object.fromEntries(numbers) }
  }
  return {
    ...filled,
    once: turn(form.once, filled.once),
    start: turn(form.once, filled.start),
    many: filled.many.map((part) => ({ ...part, values: turn(form.many, part.values) })),
  }
}

/** How a field of a row is written in a form. */
function shown(field: FieldOfForm, row: FactRow, lang: Lang): string {
  const value = written(field.column, row)
  if (value === '') return ''
  if (field.holds === 'word') return field.words.find((known) => known.word === value)?.label ?? value
  // A third is no whole number of percents: it keeps the digits that it was given with.
  if (field.holds === 'share') return writeNumber(Number((Number(value) * 100).toFixed(4)), lang)
  return isNumber(field) ? writeNumber(row[field.column] ?? '', lang) : value
}

/** All that a row says, under the names by which a form pushes it. */
function keptOf(form: FormOfKind, row: FactRow): Texts {
  const kept: Texts = {}
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && !PLACE.has(name)) kept[name] = typeof value === 'number' ? writeNumber(value, 'en').replaceAll(',', '') : value
  }
  if (typeof row['extra'] === 'string') Object.assign(kept, JSON.parse(row['extra']))
  for (const { name, column } of [...form.once, ...form.many]) {
    if (name === column || column === 'period') continue
    if (kept[column] !== undefined) kept[name] = kept[column]
    delete kept[column]
  }
  return kept
}

/** What stands in a column; a period is kept as its first and last day. */
function written(column: string, row: FactRow): string {
  if (column === 'period') return row['from'] && row['to'] ? `${row['from']}..${row['to']}` : ''
  return String(row[column] ?? '')
}
