import { compareStrings } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0)
}

/** Lexicographic order of lists of numbers, where a list stands before those that it begins. */
function compareLists(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((number, index) => number !== b[index])
  if (differing === -1) return a.length - b.length
  return differing >= b.length ? 1 : (a[differing] as number) - (b[differing] as number)
}

const interesting = fc.constantFrom(
  'a',
  'b',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{10001}',
  '\u{1f33e}',
  '\u{10ffff}',
)
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: interesting, maxLength: 6 }))

test('strings are ordered by code point', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareStrings(a, b))).toBe(Math.sign(compareLists(codePoints(a), codePoints(b))))
    }),
    { numRuns: 1000 },
  )
})

test('strings are ordered like their UTF-8, as databases order them', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
    { numRuns: 1000 },
  )
})

test('a character beyond U+FFFF comes after all others, unlike in the order of UTF-16', () => {
  expect(compareStrings('\u{10000}', '\uffff')).toBeGreaterThan(0)
  expect(['\u{10000}', '\uffff'].toSorted()).toEqual(['\u{10000}', '\uffff'])
})
