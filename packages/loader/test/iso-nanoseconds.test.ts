import { compareStrings } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoNanoseconds, isoNow } from '../src/iso-nanoseconds.ts'

test('all nine decimals are kept', () => {
  expect(isoNanoseconds(1_795_421_730_123_456_789n)).toBe('2026-11-23T08:15:30.123456789Z')
  expect(isoNanoseconds(0n)).toBe('1970-01-01T00:00:00.000000000Z')
})

test('seconds are those that Date gives', () => {
  const second = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 })
  fc.assert(
    fc.property(second, (seconds) => {
      const expected = new Date(seconds * 1000).toISOString().replace('.000Z', '.000000000Z')
      expect(isoNanoseconds(BigInt(seconds) * 1_000_000_000n)).toBe(expected)
    }),
  )
})

test('moments before 1970 count upwards too', () => {
  expect(isoNanoseconds(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
  expect(isoNanoseconds(-1_000_000_000n)).toBe('1969-12-31T23:59:59.000000000Z')
})

test('they sort as text between the years 0 and 9999', () => {
  const moment = fc.bigInt({ min: -62_167_219_200_000_000_000n, max: 253_402_300_799_999_999_999n })
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      expect(Math.sign(compareStrings(isoNanoseconds(a), isoNanoseconds(b)))).toBe(a < b ? -1 : Number(a > b))
    }),
  )
})

test('any 64-bit time gives a date', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n) * 1_000_000_000n, max: 2n ** 63n * 1_000_000_000n }), (moment) => {
      expect(isoNanoseconds(moment)).toMatch(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    }),
  )
})

test('now lies between two readings of the clock', () => {
  const before = Date.now()
  const now = Date.parse(isoNow())
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})
