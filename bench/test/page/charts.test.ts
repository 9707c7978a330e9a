import { describe, expect, test } from 'vitest'
import { drawBarChart } from '../../src/page/bar-chart.ts'
import { drawLineChart } from '../../src/page/line-chart.ts'

describe('a bar chart', () => {
  test('has a bar and a number for each value, on a logarithmic scale', () => {
    const svg = drawBarChart({
      title: 'A & B',
      series: ['one', 'two'],
      groups: [
        { label: 'x', values: [1, 100] },
        { label: 'y', values: [10, undefined] },
      ],
      format: (value) => `${value} s`,
    })
    const lengths = [...svg.matchAll(/x="230" y="\d+" width="([\d.]+)" height="13"/g)].map(([, length]) =>
      Number(length),
    )
    expect(lengths).toHaveLength(3)
    // From the power of ten below the least: 1, 3 and 2 of 3 steps.
    expect(lengths.map((length) => length / (lengths[1] ?? 1))).toEqual(
      [1 / 3, 1, 2 / 3].map((share) => expect.closeTo(share, 3)),
    )
    expect(svg).toContain('<title>A &amp; B</title>')
    expect(svg).toContain('>100 s</text>')
  })
})

describe('a line chart', () => {
  test('draws a linear cost as a straight line between the powers of ten', () => {
    const svg = drawLineChart({
      title: 'growth',
      lines: [{ name: 'linear', points: [10, 100, 1000].map((size) => ({ size, cost: size / 10 })) }],
      formatSize: String,
      formatCost: String,
    })
    expect(svg).toContain('points="80.0,340.0 405.0,197.0 730.0,54.0"')
    expect(svg.match(/<circle/g)).toHaveLength(3)
  })
})
