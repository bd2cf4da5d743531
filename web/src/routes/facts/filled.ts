import type { FactRow, FieldOfForm, FormOfKind } from '../../lib/types'

/** What stands in a form. */
export interface Filled {
  /** The stream of the row that is corrected. */
  source: string | undefined
  once: Record<string, string>
  many: Record<string, string>[]
}

/** The rows that a form stands for. Fields left blank are sent too, so that what is missing is told of the row. */
export function pushed(form: FormOfKind, filled: Filled): Record<string, string>[] {
  const cells = (fields: FieldOfForm[], values: Record<string, string>) =>
    fields.map((field): [string, string] => {
      const value = values[field.name] ?? ''
      return [field.name, field.holds === 'share' && value !== '' ? `${value}%` : value]
    })
  const once = cells(form.once, filled.once)
  const rows = form.many.length > 0 ? filled.many : [{}]
  return rows.map((row) => Object.fromEntries([...once, ...cells(form.many, row)]))
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
export function filledWith(form: FormOfKind, row: FactRow, rows: FactRow[]): Filled {
  const values = (fields: FieldOfForm[], of: FactRow) =>
    Object.fromEntries(
      fields.map((field) => {
        const value = written(field.column, of)
        // A third is no whole number of percents: it keeps the digits that it was given with.
        const percent = String(Number((Number(value) * 100).toFixed(6)))
        return [field.name, field.holds === 'share' && value !== '' ? percent : field.holds === 'word' ? labelOf(field, value) : value]
      }),
    )
  const source = row['source']
  return {
    source: source === null || source === undefined ? undefined : String(source),
    once: values(form.once, row),
    many: together(form, row, rows).map((one) => values(form.many, one)),
  }
}

function labelOf(field: FieldOfForm, word: string): string {
  return field.words.find((known) => known.word === word)?.label ?? word
}

/** What stands in a column; a period is kept as its first and last day. */
function written(column: string, row: FactRow): string {
  if (column === 'period') return row['from'] && row['to'] ? `${row['from']}..${row['to']}` : ''
  return String(row[column] ?? '')
}
