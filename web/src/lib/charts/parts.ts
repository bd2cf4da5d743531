/** Axes and tooltip as every chart has them. */
import type { Colours } from './colours'

interface AxisWords {
  categories: string[]
  label: (category: string) => string
  amount: (value: number) => string
}

const category = (colours: Colours, words: AxisWords) => ({
  type: 'category',
  data: words.categories,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: colours.line } },
  axisLabel: { color: colours.quiet, fontSize: 12, hideOverlap: true, formatter: words.label },
})

const amount = (colours: Colours, words: AxisWords, splits: number) => ({
  type: 'value',
  splitNumber: splits,
  axisLine: { show: false },
  splitLine: { lineStyle: { color: colours.line } },
  axisLabel: { color: colours.quiet, fontSize: 12, hideOverlap: true, formatter: words.amount },
})

let pen: CanvasRenderingContext2D | null = null

/** How wide a label is drawn, in pixels. */
function widthOf(text: string): number {
  pen ??= document.createElement('canvas').getContext('2d')
  if (!pen) return text.length * 7
  pen.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue('--font')}`
  return pen.measureText(text).width
}

const widest = (labels: string[]) => Math.ceil(Math.max(0, ...labels.map(widthOf)))

/** Labels such as stand at the ticks of an axis that reaches this far. */
function tickLabels(words: AxisWords, values: (number | null)[]): string[] {
  const reach = Math.max(1, ...values.map((value) => Math.abs(value ?? 0)))
  const lowest = Math.min(0, ...values.map((value) => value ?? 0))
  return [1.2, 1, 0.8, 0.5, 0.25].flatMap((part) => [reach * part, lowest < 0 ? -reach * part : 0]).map(words.amount)
}

/** The room around the drawing, measured before it is drawn, so that nothing has to be laid out twice. */
const room = (left: number, right: number) => ({ left, right, top: 16, bottom: 30, outerBoundsMode: 'none' })

export const axes = (colours: Colours, words: AxisWords, values: (number | null)[]) => ({
  grid: room(widest(tickLabels(words, values)) + 18, 16),
  xAxis: category(colours, words),
  yAxis: amount(colours, words, 4),
})

export const lyingAxes = (colours: Colours, words: AxisWords, values: (number | null)[]) => ({
  grid: room(widest(words.categories.map(words.label)) + 18, widest(tickLabels(words, values)) / 2 + 12),
  xAxis: amount(colours, words, 3),
  yAxis: { ...category(colours, words), inverse: true },
})

/** A tooltip made of elements, not of markup: names come from files and are never read as HTML. */
export function tooltip(colours: Colours, of: (index: number) => { title: string; rows: [string, string][] }) {
  return {
    trigger: 'axis',
    confine: true,
    axisPointer: { type: 'shadow', shadowStyle: { color: colours.line, opacity: 0.5 } },
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.ink, fontSize: 13 },
    formatter: (hits: { dataIndex: number }[]) => {
      const { title, rows } = of(hits[0]?.dataIndex ?? -1)
      const box = document.createElement('div')
      box.append(line('strong', title))
      for (const [name, value] of rows) {
        const row = document.createElement('div')
        row.style.cssText = 'display:flex;justify-content:space-between;gap:1.5rem;font-variant-numeric:tabular-nums'
        row.append(line('span', name), line('span', value))
        box.append(row)
      }
      return box
    },
  }
}

function line(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}
