import { svgElement, svgLegend, svgPicture } from './svg-element.ts'

/** Costs over sizes, both on logarithmic scales: a straight line of slope 1 is linear. */
export interface LineChart {
  readonly title: string
  /** At most four lines. */
  readonly lines: readonly {
    readonly name: string
    readonly points: readonly { readonly size: number; readonly cost: number }[]
  }[]
  readonly formatSize: (size: number) => string
  readonly formatCost: (cost: number) => string
}

const width = 760
const height = 380
const frame = { left: 80, right: 30, top: 54, bottom: 40 }

function powersOfTen(values: readonly number[]): number[] {
  const least = Math.floor(Math.log10(Math.min(...values)))
  // A value a little above a power of ten does not call for the next one.
  const most = Math.ceil(Math.log10(Math.max(...values)) - 0.05)
  return Array.from({ length: most - least + 1 }, (_, i) => 10 ** (least + i))
}

/** The place of a value between the first and the last tick, from 0 to 1. */
function placeOf(value: number, ticks: readonly number[]): number {
  const first = Math.log10(ticks[0] ?? 1)
  return (Math.log10(value) - first) / (Math.log10(ticks.at(-1) ?? 10) - first || 1)
}

/** Draws lines through points, with a tick at each power of ten. */
export function drawLineChart({ title, lines, formatSize, formatCost }: LineChart): string {
  const points = lines.flatMap((line) => line.points)
  const sizes = powersOfTen(points.map(({ size }) => size))
  const costs = powersOfTen(points.map(({ cost }) => cost))
  const x = (size: number): number => frame.left + placeOf(size, sizes) * (width - frame.left - frame.right)
  const y = (cost: number): number => height - frame.bottom - placeOf(cost, costs) * (height - frame.top - frame.bottom)
  const elements = [
    svgElement('text', { x: 0, y: 16 }, title),
    ...svgLegend(
      lines.map(({ name }) => name),
      frame.left,
      38,
    ),
  ]
  for (const tick of sizes) {
    const line = { class: 'line', x1: x(tick), x2: x(tick), y1: frame.top, y2: height - frame.bottom }
    const label = { class: 'small', x: x(tick), y: height - frame.bottom + 20, 'text-anchor': 'middle' }
    elements.push(svgElement('line', line), svgElement('text', label, formatSize(tick)))
  }
  for (const tick of costs) {
    const line = { class: 'line', x1: frame.left, x2: width - frame.right, y1: y(tick), y2: y(tick) }
    const label = { class: 'small', x: frame.left - 10, y: y(tick) + 4, 'text-anchor': 'end' }
    elements.push(svgElement('line', line), svgElement('text', label, formatCost(tick)))
  }
  for (const [i, line] of lines.entries()) {
    const path = line.points.map(({ size, cost }) => `${x(size).toFixed(1)},${y(cost).toFixed(1)}`).join(' ')
    elements.push(svgElement('polyline', { class: `stroke-${i}`, points: path, fill: 'none', 'stroke-width': 2 }))
    for (const { size, cost } of line.points) {
      elements.push(svgElement('circle', { class: `fill-${i}`, cx: x(size), cy: y(cost), r: 3.5 }))
    }
  }
  return svgPicture({ title, width, height }, elements)
}
