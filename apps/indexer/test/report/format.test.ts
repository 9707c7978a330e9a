import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatQuantity, formatRate } from '../../src/report/format.ts'

test.for<[number, string]>([
  [0, '0 ms'],
  [850.4, '850 ms'],
  [999.9, '1 s'],
  [59_700, '1 min 0 s'],
  [4210, '4.2 s'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h 0 min'],
  [7_800_000, '2 h 10 min'],
])('a duration of %d ms is %s', ([milliseconds, text]) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

test('counts agree with their nouns, rates and sizes are short', () => {
  expect([0, 1, 2, 21_034].map((count) => formatQuantity(count, 'chunk'))).toEqual([
    '0 chunks',
    '1 chunk',
    '2 chunks',
    '21,034 chunks',
  ])
  expect([0.25, 9.96, 11.4].map(formatRate)).toEqual(['0.3', '10', '11'])
  expect([0, 999, 1200, 24_000_000, 3.5e15].map(formatBytes)).toEqual(['0 B', '999 B', '1.2 kB', '24 MB', '3,500 TB'])
})
