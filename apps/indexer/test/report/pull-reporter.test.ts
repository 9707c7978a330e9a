import { expect, test } from 'vitest'
import { pullLine } from '../../src/report/pull-reporter.ts'

test('a download is described by its share, sizes, rate and time left', () => {
  expect(pullLine({ bytes: 15_100_000, totalBytes: 36_806_944 }, 3_100_000)).toBe(
    '41 % · 15.1 MB of 36.8 MB · 3.1 MB/s · 8 s left',
  )
})

test('what is not known is left out', () => {
  expect(pullLine({ bytes: 0, totalBytes: 1000 }, 0)).toBe('0 % · 0 B of 1 kB')
  expect(pullLine({ bytes: 2500, totalBytes: undefined }, 0)).toBe('2.5 kB')
  expect(pullLine({ bytes: 2500, totalBytes: undefined }, 100)).toBe('2.5 kB · 100 B/s')
})

test('only a whole file is 100 %', () => {
  expect(pullLine({ bytes: 999, totalBytes: 1000 }, 0)).toMatch(/^99 %/)
  expect(pullLine({ bytes: 1000, totalBytes: 1000 }, 50)).toBe('100 % · 1 kB of 1 kB · 50 B/s')
})
