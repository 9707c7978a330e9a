import { median, repeatInTurn } from './measure.ts'
import { capture, reasonOf, valuesOf } from './outcome.ts'
import { formatRatio } from './report.ts'

/** What one run of a way gave: figures by name, the smaller the better. */
export type Figures = Readonly<Record<string, number>>

/** A row of a comparison. */
export interface Metric {
  /** Name of the figure. */
  readonly figure: string
  readonly label: string
  readonly format: (value: number) => string
  /** A count, of which less is not better: it stands without a ratio. */
  readonly isCount?: boolean
}

/** One way of doing a thing; `round` counts from 0. */
export type Way = (round: number) => Promise<Figures>

/** Several ways of doing the same thing, by the heading of their column. */
type Ways = ReadonlyMap<string, Way>

/** What is compared, and how often. */
export interface Comparison {
  readonly ways: Ways
  readonly metrics: readonly Metric[]
  readonly rounds: number
}

function middle(figures: readonly Figures[], figure: string): number | undefined {
  const values = figures.flatMap((figuresOfRound) => figuresOfRound[figure] ?? [])
  return values.length === 0 ? undefined : median(values)
}

/**
 * Runs the ways in turn and returns a row of cells for each metric, one cell for each heading: the median of the rounds, and how many
 * times smaller it is than that of the first heading. A way that fails has its reason in its first row; one that is not there, a dash.
 */
export async function compareWays(headings: readonly string[], comparison: Comparison): Promise<string[][]> {
  const { ways, metrics, rounds } = comparison
  const outcomes = await repeatInTurn(new Map([...ways].map(([name, way]) => [name, capture(way)])), rounds)
  const first = valuesOf(outcomes.get(headings[0] ?? ''))
  return metrics.map(({ figure, label, format, isCount }, row) => {
    const baseline = middle(first, figure)
    const cells = headings.map((heading, column) => {
      const value = middle(valuesOf(outcomes.get(heading)), figure)
      if (value === undefined) return row === 0 ? reasonOf(outcomes.get(heading)) : '–'
      if (column === 0 || baseline === undefined || isCount === true) return format(value)
      return `${format(value)} (${formatRatio(baseline / value)})`
    })
    return [label].concat(cells)
  })
}
