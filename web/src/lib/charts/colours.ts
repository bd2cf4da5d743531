/** The colours of the theme, as the chart needs them: by value. */
export interface Colours {
  ink: string
  quiet: string
  line: string
  surface: string
  series: string
  /** The series where it stands back. */
  soft: string
  past: string
  target: string
  down: string
}

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    ink: of('--ink'),
    quiet: of('--ink-3'),
    line: of('--line'),
    surface: of('--surface'),
    series: of('--series'),
    soft: of('--series-soft'),
    past: of('--series-past'),
    target: of('--series-target'),
    down: of('--down'),
  }
}
