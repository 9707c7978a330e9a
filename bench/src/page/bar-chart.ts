import { svgElement, svgLegend, svgPicture } from './svg-element.ts'

/** Bars that are compared: of each group one of each series, on a logarithmic scale. */
export interface BarChart {
  readonly title: string
  /** Names of at most four series. */
  readonly series: readonly string[]
  /** Values in the order of the series; undefined where there is none. */
  readonly groups: readonly { readonly label: string; readonly values: readonly (number | undefined)[] }[]
  readonly format: (value: number) => string
}

const width = 760
const left = 230
const right = 90
const barHeight = 16

/** Draws horizontal bars. The scale begins at the power of ten below the smallest value, so that each bar is seen; each has its number. */
export function drawBarChart({ title, series, groups, format }: BarChart): string {
  const values = groups.flatMap((group) => group.values.filter((value) => value !== undefined && value > 0))
  const least = Math.floor(Math.log10(Math.min(...(values as number[]))) - 0.3)
  const most = Math.log10(Math.max(...(values as number[])))
  const lengthOf = (value: number): number =>
    Math.max(2, ((Math.log10(value) - least) / (most - least || 1)) * (width - left - right))
  const elements = [svgElement('text', { x: 0, y: 16 }, title), ...svgLegend(series, left, 38)]
  let y = 54
  for (const { label, values: bars } of groups) {
    const middle = y + (bars.length * barHeight) / 2 + 4
    elements.push(svgElement('text', { x: left - 12, y: middle, 'text-anchor': 'end' }, label))
    for (const [i, value] of bars.entries()) {
      if (value !== undefined && value > 0) {
        const length = lengthOf(value)
        const bar = { class: `fill-${i}`, x: left, y: y + i * barHeight, width: length, height: barHeight - 3 }
        const place = { class: 'small', x: left + length + 6, y: y + i * barHeight + 11 }
        elements.push(svgElement('rect', bar), svgElement('text', place, format(value)))
      }
    }
    y += bars.length * barHeight + 12
  }
  elements.push(svgElement('text', { class: 'small', x: left, y: y + 8 }, 'logarithmic scale'))
  return svgPicture({ title, width, height: y + 16 }, elements)
}
